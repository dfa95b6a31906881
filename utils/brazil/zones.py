"""Which clock a federative unit of Brazil goes by; its few islands and borders apart."""

_BY_UNIT = {
    "AC": "America/Rio_Branco",
    "AL": "America/Maceio",
    "AM": "America/Manaus",
    "AP": "America/Belem",
    "BA": "America/Bahia",
    "CE": "America/Fortaleza",
    "MA": "America/Fortaleza",
    "MS": "America/Campo_Grande",
    "MT": "America/Cuiaba",
    "PA": "America/Belem",
    "PB": "America/Fortaleza",
    "PE": "America/Recife",
    "PI": "America/Fortaleza",
    "RN": "America/Fortaleza",
    "RO": "America/Porto_Velho",
    "RR": "America/Boa_Vista",
    "SE": "America/Maceio",
    "TO": "America/Araguaina",
}
_CAPITAL = "America/Sao_Paulo"


def zone_of(unit: str) -> str:
    """The IANA name of a unit's time zone, by its abbreviation."""
    return _BY_UNIT.get(unit, _CAPITAL)
