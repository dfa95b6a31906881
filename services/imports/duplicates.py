"""Staged lines that repeat a live lead or each other: found by their keys."""

from sqlalchemy import text

from models.db import db
from services.errors import Code, FieldError
from services.imports.staging import run
from services.leads.duplicates import KEYS, has_same


def find_duplicates(equipe_id: int, *, updates: bool) -> None:
    """Mark lines whose key is on a live lead (`achados`) or on an earlier line (`repetida`).

    A line that will not be taken because of a lead stands in no other line's way. `updates`: one
    lead is what a line is about, and only several are too many.
    """
    # Only what the joins below are about: of whole lines it takes as long as the joins.
    run(f"analyze linhas_importadas (linha, {', '.join(KEYS)})")
    _find_leads(equipe_id)
    for key, campo in KEYS.items():
        run(
            f"update linhas_importadas t set repetida = true, campo = '{campo}' from "
            f"(select linha, row_number() over (partition by {key} order by linha) as n "
            f"from linhas_importadas where {key} is not null and achados <= {int(updates)}) r "
            "where r.linha = t.linha and r.n > 1 and not t.repetida"
        )


def _find_leads(equipe_id: int) -> None:
    """Find each line's live leads, and name the first of its keys that one has."""
    matches = " union all ".join(
        f"select t.linha, l.id, {rank} as rank from linhas_importadas t join leads l "
        f"on l.{key} = t.{key} where l.equipe_id = :equipe_id and l.excluido_em is null"
        for rank, key in enumerate(KEYS)
    )
    named = " ".join(f"when {rank} then '{campo}'" for rank, campo in enumerate(KEYS.values()))
    run(
        "update linhas_importadas t set achados = m.achados, campo = m.campo, "
        "lead_id = case when m.achados = 1 then m.lead_id end from (select linha, "
        "count(distinct id) as achados, min(id) as lead_id, "
        f"case min(rank) {named} end as campo from ({matches}) m group by linha) m "
        "where m.linha = t.linha",
        equipe_id=equipe_id,
    )


def duplicate_errors(condition: str) -> list[tuple[int, FieldError]]:
    """These lines, each with the error of what it repeats: an earlier line, or else a lead."""
    rows = db.session.execute(
        text(
            f"select linha, campo, repetida from linhas_importadas where {condition} order by linha"
        )
    )
    return [(row.linha, _error(row.campo, repetida=row.repetida)) for row in rows]


def _error(campo: str, *, repetida: bool) -> FieldError:
    if repetida:
        return FieldError(campo, Code.DUPLICADO_NO_ARQUIVO, has_same("Outra linha", campo))
    return FieldError(campo, Code.LEAD_DUPLICADO, has_same("Outro lead", campo))
