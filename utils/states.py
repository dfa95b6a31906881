"""The federative units of Brazil."""

_STATES = frozenset(
    ("AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO").split()
)


class InvalidState(ValueError):
    """No unit has this abbreviation."""


def normalize_state(text: str) -> str:
    """Return the abbreviation in upper case. Raises InvalidState."""
    if text.upper() not in _STATES:
        raise InvalidState("UF inexistente.")
    return text.upper()
