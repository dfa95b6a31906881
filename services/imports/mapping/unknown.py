"""A file of which no column is known: refused, with what may help its author."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from services.errors import MAX_FIELD_ERRORS, Code, FieldError
from services.imports.mapping.targets import field_named
from services.imports.reading.reader import Row, UnreadableFile

# How far below a title a header is looked for.
_NEAR = 10
_TOLD = 10
_DELIMITERS = re.compile(r"[,;\t|]")
_BELOW = "O cabeçalho parece estar na linha {}: apague as linhas acima dela."


def not_understood(names: Sequence[str], following: Iterable[Row]) -> UnreadableFile:
    """The refusal; `following` are the rows below what was taken for the header."""
    listed = ", ".join(name[:64] for name in names[:_TOLD])
    hint = _hint(names, following)
    return UnreadableFile(
        f"Nenhuma coluna foi reconhecida ({listed}). {hint}",
        fields=[
            FieldError("arquivo", Code.CAMPO_DESCONHECIDO, f"{name[:64]} não é um campo de lead.")
            for name in names[:MAX_FIELD_ERRORS]
        ],
    )


def refuse_title(names: Sequence[str], following: Iterable[Row], *, known: bool) -> None:
    """Refuse a header that is none where a row below it looks like one. Raises UnreadableFile.

    `known`: whether a column is recognised all the same: then only a row that names several fields
    looks like one.
    """
    rows = list(islice(following, _NEAR))
    linha = _header_below(names, rows, several=known)
    if linha is not None:
        raise UnreadableFile(_BELOW.format(linha)) if known else not_understood(names, rows)


def _hint(names: Sequence[str], following: Iterable[Row]) -> str:
    linha = _header_below(names, following)
    if linha is not None:
        return _BELOW.format(linha)
    return "Dê às colunas os nomes dos campos ou diga em mapeamento o que cada uma é."


def _header_below(
    names: Sequence[str], following: Iterable[Row], *, several: bool = False
) -> int | None:
    """The line of a row that looks like the header; `several`: that names several fields."""
    for linha, row in islice(following, _NEAR):
        # A title has other delimiters than the table below it, or none.
        cells = _DELIMITERS.split(",".join(row).rstrip(",;\t| "))
        known = sum(field_named(cell) is not None for cell in cells)
        if known > 1 or (not several and (known == len(cells) or _names_more(cells, names))):
            return linha
    return None


def _names_more(cells: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a row below names columns, as a header does, where the first one does not."""
    said = {cell.strip() for cell in cells}
    are_names = all(name and not any(map(str.isdigit, name)) for name in said)
    return are_names and len(said) == len(cells) > max(1, len([name for name in names if name]))
