"""A workbook as a team has one: ten people, two of them with a mistake, one column that no program knows.

The people do not exist.
"""

from pathlib import Path

import xlsxwriter

_HEADER = ("Nome completo", "Celular", "CPF", "Cidade", "Valor", "Quem indicou")
_GOOD = [
    (f"Pessoa Inventada {n}", f"(11) 9{8000 + n}-4321", None, "Campinas", 1000 * n, "Feira de maio")
    for n in range(1, 9)
]
_BAD = [
    ("Otávio do Número Curto", "(11) 9", None, "Niterói", 5000, "Feira de maio"),
    ("Benedita do CPF Trocado", "(31) 98888-1234", "529.982.247-26", "Betim", 7000, None),
]


def write_workbook(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Contatos")
        for at, row in enumerate((_HEADER, *_GOOD[:4], *_BAD, *_GOOD[4:])):
            sheet.write_row(at, 0, row)
    return path
