"""The federative units of Brazil."""

from utils.text import fold

_NAMES = {
    "AC": "Acre",
    "AL": "Alagoas",
    "AM": "Amazonas",
    "AP": "Amapá",
    "BA": "Bahia",
    "CE": "Ceará",
    "DF": "Distrito Federal",
    "ES": "Espírito Santo",
    "GO": "Goiás",
    "MA": "Maranhão",
    "MG": "Minas Gerais",
    "MS": "Mato Grosso do Sul",
    "MT": "Mato Grosso",
    "PA": "Pará",
    "PB": "Paraíba",
    "PE": "Pernambuco",
    "PI": "Piauí",
    "PR": "Paraná",
    "RJ": "Rio de Janeiro",
    "RN": "Rio Grande do Norte",
    "RO": "Rondônia",
    "RR": "Roraima",
    "RS": "Rio Grande do Sul",
    "SC": "Santa Catarina",
    "SE": "Sergipe",
    "SP": "São Paulo",
    "TO": "Tocantins",
}
STATES = tuple(_NAMES)
LONGEST = max(map(len, _NAMES.values()))
_BY_TEXT = {fold(text): unit for unit, name in _NAMES.items() for text in (unit, name)}


class InvalidState(ValueError):
    """No unit has this abbreviation or name."""


def normalize_state(text: str) -> str:
    """The abbreviation, in upper case, of a typed abbreviation or name. Raises InvalidState."""
    found = _BY_TEXT.get(fold(text))
    if found is None:
        raise InvalidState("UF inexistente.")
    return found
