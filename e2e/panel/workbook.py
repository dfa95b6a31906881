"""A workbook as a team has one: ten people, two with a mistake; a column that no program knows; one
more person on another sheet.

The people do not exist.
"""

from pathlib import Path

import xlsxwriter

_HEADER = ("Nome completo", "Celular", "E-mail", "Cidade", "Valor", "Quem indicou")
_PLACE, _SENT_BY = "Campinas", "Feira de maio"
_GOOD = [
    (
        f"Pessoa Inventada {n}",
        f"(11) 9{8000 + n}-4321",
        f"p{n}@exemplo.com.br",
        _PLACE,
        1000 * n,
        _SENT_BY,
    )
    for n in range(1, 9)
]
_BAD = [
    ("Otávio do Número Curto", "(11) 9", "otavio.curto@exemplo.com.br", "Niterói", 5000, _SENT_BY),
    ("Benedita do E-mail Partido", "(31) 98888-1234", "benedita exemplo", "Betim", 7000, _SENT_BY),
]
_BEFORE = ("Zulmira de Antes", "(11) 97000-4321", "z@exemplo.com.br", _PLACE, 9000, _SENT_BY)


def write_workbook(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Contatos")
        for at, row in enumerate((_HEADER, *_GOOD[:4], *_BAD, *_GOOD[4:])):
            sheet.write_row(at, 0, row)
        other = book.add_worksheet("De antes")
        other.write_row(0, 0, _HEADER)
        other.write_row(1, 0, _BEFORE)
        book.add_worksheet("Vazia")
    return path
