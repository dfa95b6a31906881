"""Staged lines that repeat a live lead or each other: found by key, refused by name."""

from sqlalchemy import text

from models.db import db
from services.errors import Code, FieldError
from services.imports.staging import run

# A key of a lead and the field that a report names for it, in the order in which one is named.
_KEYS = {
    "documento": "documento",
    "email": "email",
    "telefone_chave": "telefone",
    "id_externo": "id_externo",
}


def find_duplicates(equipe_id: int, *, updates: bool) -> None:
    """Mark lines whose key is on a live lead (`achados`) or on an earlier line (`repetida`).

    A line that will not be taken because of a lead stands in no other line's way. `updates`: one
    lead is what a line is about, and only several are too many.
    """
    # Only what the joins below are about: of whole lines it takes as long as the joins.
    run(f"analyze linhas_importadas (linha, {', '.join(_KEYS)})")
    _find_leads(equipe_id)
    taken = f"coalesce(cardinality(achados), 0) <= {int(updates)}"
    for key, campo in _KEYS.items():
        run(
            f"update linhas_importadas t set repetida = true, campo = '{campo}' from "
            f"(select linha, row_number() over (partition by {key} order by linha) as n "
            f"from linhas_importadas where {key} is not null and {taken}) r "
            "where r.linha = t.linha and r.n > 1 and not t.repetida"
        )


def _find_leads(equipe_id: int) -> None:
    matches = " union all ".join(
        f"select t.linha, l.id, {n} as n from linhas_importadas t join leads l "
        f"on l.{key} = t.{key} where l.equipe_id = :equipe_id and l.excluido_em is null"
        for n, key in enumerate(_KEYS, 1)
    )
    fields = ", ".join(f"'{campo}'" for campo in _KEYS.values())
    run(
        f"update linhas_importadas t set achados = a.ids, campo = (array[{fields}])[a.n] "
        "from (select linha, array_agg(distinct id order by id) as ids, min(n) as n "
        f"from ({matches}) m group by linha) a where a.linha = t.linha",
        equipe_id=equipe_id,
    )


def refused(condition: str) -> list[tuple[int, FieldError]]:
    """These lines with the field that is known; whether from a lead or a line is told apart."""
    rows = db.session.execute(
        text(
            f"select linha, campo, repetida from linhas_importadas where {condition} order by linha"
        )
    )
    return [(linha, _fault(campo, repetida)) for linha, campo, repetida in rows]


def _fault(campo: str, repetida: bool) -> FieldError:
    if repetida:
        return FieldError(
            campo,
            Code.DUPLICADO_NO_ARQUIVO,
            "Outra linha já tem este documento, e-mail, telefone ou id_externo.",
        )
    return FieldError(
        campo,
        Code.LEAD_DUPLICADO,
        "Já existe um lead com este documento, e-mail, telefone ou id_externo.",
    )
