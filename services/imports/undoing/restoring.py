"""The leads that an import has changed: those that nobody has changed since have their old values
again, and all that follows from them."""

from collections.abc import Sequence
from typing import NamedTuple

from models.db.messages.queries import Part, Query
from models.db.statements import execute_here, fetch_here, fetch_together
from models.event import EventKind
from models.imports.line import LineResult
from models.lead import LEADS
from models.lead_contact import FIRST_OTHER, ContactKind
from services.history import caused_by
from services.imports.undoing import promises
from services.imports.undoing.outcome import Kept, WhyKept
from services.leads.deriving.derive import ACTIVITIES, for_changed
from services.leads.duplicates import bucket
from services.leads.writing.facts import hold_members
from services.policy import cared_for_sql
from services.principal import Principal

# Lines of the import, and among them those that are asked about.
_OURS = "n.equipe_id = %(equipe_id)s and n.importacao_id = %(importacao_id)s and n.n = 0"
_THESE = f"{_OURS} and n.linha = any(cast(%(linhas)s as int[]))"
# With the leads that they have changed, as these are and as they were.
_LEADS = (
    "importacao_linhas n join leads l on l.equipe_id = n.equipe_id and l.id = n.lead_id "
    "cross join lateral jsonb_populate_record(l, n.antes) r"
)
_NEXT = Query(
    "select linha, lead_id, antes->>'email', antes->>'telefone_chave', "  # noqa: S608 - texts of ours
    f"cast(antes->>'responsavel_id' as bigint) from importacao_linhas n where {_OURS} "
    f"and resultado = '{LineResult.ATUALIZADA}' and linha > %(depois)s "
    "order by linha limit %(quantas)s",
    {},
)
_STAGE_IS_THERE = (
    "exists (select from etapas s where s.equipe_id = r.equipe_id and s.chave = r.etapa "
    "and s.arquivada_em is null and (s.tipo = 'aberta') = (r.fechado_em is null) "
    "and (s.tipo = 'perdida') = (r.motivo_perda is not null))"
)
# Of leads that had the same before, nobody takes anything from the other one.
_TAKEN = " or ".join(
    f"n.antes ? '{column}' and exists (select from lead_contatos c join leads o "
    "on o.equipe_id = c.equipe_id and o.id = c.lead_id where c.equipe_id = r.equipe_id "
    f"and c.tipo = '{kind}' and c.chave = r.{column} and c.retirado_em is null "
    "and o.id <> r.id and o.excluido_em is null and o.atualizado_em > %(desde)s)"
    for column, kind in (
        ("email", ContactKind.EMAIL),
        ("telefone_chave", ContactKind.TELEFONE),
    )
)
_VERDICTS = Query(
    f"""
    select n.linha, n.lead_id, case
      when l.id is null or l.excluido_em is not null then '{WhyKept.EXCLUIDO}'
      when l.versao <> n.versao then '{WhyKept.ALTERADO}'
      when n.antes is null then '{WhyKept.SEM_VALORES}'
      when n.antes ? 'etapa' and not {_STAGE_IS_THERE} then '{WhyKept.ETAPA}'
      when n.antes->>'responsavel_id' is not null
        and not {cared_for_sql("r", "any(cast(%(ativos)s as bigint[]))")}
        then '{WhyKept.RESPONSAVEL}'
      when {_TAKEN} then '{WhyKept.DUPLICADO}' end
    from importacao_linhas n left join leads l on l.equipe_id = n.equipe_id and l.id = n.lead_id
    left join lateral jsonb_populate_record(l, n.antes) r on true
    where {_THESE} order by n.linha
    """,  # noqa: S608 - texts of ours
    {},
)
_CHANGED = Query(
    "select distinct jsonb_object_keys(n.antes) from importacao_linhas n "  # noqa: S608 - texts of ours
    f"where {_THESE}",
    {},
)
# A lead that is in another stage was moved there by the import: it had not left the one before.
_TAKE_BACK_STAYS = Query(
    f"""
    with ultimas as (
      delete from permanencias p using importacao_linhas n
      where {_THESE} and n.antes ? 'etapa' and p.equipe_id = n.equipe_id
        and p.lead_id = n.lead_id and p.saiu_em is null
      returning p.equipe_id, p.lead_id, p.n
    )
    update permanencias p set saiu_em = null, perdida = false from ultimas u
    where p.equipe_id = u.equipe_id and p.lead_id = u.lead_id and p.n = u.n - 1
    """,  # noqa: S608 - texts of ours
    {},
)
# A lead that the import opened again is lost since it left its last stage of another kind.
_MARK_LOSSES = Query(
    f"""
    update permanencias p set perdida = true from {_LEADS}
    join etapas e on e.equipe_id = r.equipe_id and e.chave = r.etapa and e.tipo = 'perdida'
    where {_THESE} and n.antes ? 'etapa' and p.equipe_id = l.equipe_id and p.lead_id = l.id
      and p.n = (select max(s.n) from permanencias s join etapas d on d.equipe_id = s.equipe_id
        and d.chave = s.etapa and d.tipo <> 'perdida'
        where s.equipe_id = l.equipe_id and s.lead_id = l.id)
      and not exists (select from permanencias s where s.equipe_id = l.equipe_id
        and s.lead_id = l.id and s.perdida)
    """,  # noqa: S608 - texts of ours
    {},
)
# An open lead has none; what is kept of one that was closed before is of that closing.
_FORGET_SNAPSHOTS = Query(
    f"delete from lead_instantaneo i using {_LEADS} where {_THESE} and n.antes ? 'fechado_em' "  # noqa: S608 - texts of ours
    "and r.fechado_em is null and i.equipe_id = l.equipe_id and i.lead_id = l.id",
    {},
)
_FORGET_CONTACTS = Query(
    "delete from lead_contatos c using importacao_linhas n "  # noqa: S608 - texts of ours
    f"where {_THESE} and n.antes ? 'contatos' and c.equipe_id = n.equipe_id "
    f"and c.lead_id = n.lead_id and c.ordem >= {FIRST_OTHER} "
    "and not n.antes->'contatos' ? (c.tipo || ':' || c.chave)",
    {},
)
# It tells what the event of the import told, the other way round.
_RECORD = Query(
    f"""
    insert into eventos (equipe_id, tipo, lead_id, usuario_id, chave_id, trabalho_id,
      importacao_id, versao, campos, de_etapa, para_etapa, dados)
    select l.equipe_id, '{EventKind.LEAD_DESFEITO}', l.id, %(usuario_id)s, %(chave_id)s,
      %(trabalho_id)s, n.importacao_id, l.versao + 1, e.campos, e.para_etapa, e.de_etapa,
      case when n.antes ? 'responsavel_id'
        then jsonb_build_object('responsavel_id', r.responsavel_id) end
    from {_LEADS} join eventos e on e.equipe_id = n.equipe_id and e.lead_id = n.lead_id
      and e.importacao_id = n.importacao_id and e.versao = n.versao
    where {_THESE} order by l.id
    """,  # noqa: S608 - texts of ours
    {},
)
_FORGET = Query(f"update importacao_linhas n set antes = null where {_THESE}", {})  # noqa: S608 - texts of ours


class Line(NamedTuple):
    """A line that has changed a lead, and what this one had: the keys of its principal contacts,
    and who cared for it; None where the line has not changed that."""

    linha: int
    lead_id: int
    email: str | None
    telefone_chave: str | None
    owner: int | None

    @property
    def buckets(self) -> set[int]:
        """Of the keys that it is given back."""
        kinds = {ContactKind.EMAIL: self.email, ContactKind.TELEFONE: self.telefone_chave}
        return {bucket(kind, value) for kind, value in kinds.items() if value is not None}


def next_lines(equipe_id: int, importacao_id: int, after: int, most: int) -> list[Line]:
    """The next lines that have changed a lead, so many, behind one."""
    asked = {"equipe_id": equipe_id, "importacao_id": importacao_id}
    found = fetch_here(_NEXT, {**asked, "depois": after, "quantas": most})
    return [Line(*row) for row in found]


def restore(
    caller: Principal, importacao_id: int, since: object, lines: Sequence[Line]
) -> list[Kept]:
    """Give the leads of these lines, which are held, their old values back; those that stay as they
    are. `since`: when the import was asked for. The old values are forgotten then."""
    owners = {line.owner for line in lines if line.owner is not None}
    asked = {
        **caused_by(caller, importacao_id),
        "equipe_id": caller.equipe_id,
        "linhas": [line.linha for line in lines],
    }
    more = {"desde": since, "ativos": sorted(hold_members(caller, owners))}
    verdicts = fetch_here(_VERDICTS, {**asked, **more})
    same = [(linha, lead_id) for linha, lead_id, reason in verdicts if reason is None]
    if same:
        linhas, ids = (list(each) for each in zip(*same, strict=True))
        fetch_together(_restoration({**asked, "linhas": linhas, "ids": ids}))
    execute_here(_FORGET, asked)
    return [Kept(lead_id, WhyKept(reason)) for _, lead_id, reason in verdicts if reason is not None]


def _restoration(values: dict[str, object]) -> list[Part]:
    keys = {key for (key,) in fetch_here(_CHANGED, values)}
    columns = [column.name for column in LEADS.columns if column.name in keys]
    before = {
        "etapa": (_TAKE_BACK_STAYS, _MARK_LOSSES),
        "fechado_em": (_FORGET_SNAPSHOTS,),
        "contatos": (_FORGET_CONTACTS,),
        "proximo_contato_em": (promises.TAKE_BACK,),
    }
    changed = keys | ACTIVITIES if "proximo_contato_em" in keys else keys
    queries = [
        *(query for key, queries in before.items() if key in keys for query in queries),
        _RECORD,
        _write(columns),
        *for_changed(changed),
    ]
    return [(query, values) for query in queries]


def _write(columns: Sequence[str]) -> Query:
    sets = ", ".join(f"{name} = r.{name}" for name in columns)
    return Query(
        f"update leads set {sets}{', ' if sets else ''}versao = leads.versao + 1, "  # noqa: S608 - texts of ours
        f"atualizado_em = now() from {_LEADS} where {_THESE} "
        "and leads.equipe_id = l.equipe_id and leads.id = l.id",
        {},
    )
