"""A file of which no column is known: refused, with what may help its author."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from services.errors import MAX_FIELD_ERRORS, Code, FieldError
from services.imports.mapping import field_named
from services.imports.reading.reader import Row, UnreadableFile

# How far below a title a header is looked for.
_NEAR = 10
_TOLD = 10
_DELIMITERS = re.compile(r"[,;\t|]")


def not_understood(names: Sequence[str], following: Iterable[Row]) -> UnreadableFile:
    """The refusal; `following` are the rows below what was taken for the header."""
    listed = ", ".join(name[:64] for name in names[:_TOLD])
    hint = _hint(following)
    return UnreadableFile(
        f"Nenhuma coluna foi reconhecida ({listed}). {hint}",
        fields=[
            FieldError("arquivo", Code.CAMPO_DESCONHECIDO, f"{name[:64]} não é um campo de lead.")
            for name in names[:MAX_FIELD_ERRORS]
        ],
    )


def _hint(following: Iterable[Row]) -> str:
    for linha, row in islice(following, _NEAR):
        # A title has other delimiters than the table below it, or none.
        cells = _DELIMITERS.split(",".join(row))
        known = sum(field_named(cell) is not None for cell in cells)
        if known > 1 or known == len(cells):
            return f"O cabeçalho parece estar na linha {linha}: apague as linhas acima dela."
    return "Dê às colunas os nomes dos campos ou diga em mapeamento o que cada uma é."
