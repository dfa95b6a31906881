"""What is kept of a lead for the model: what was known of it when it closed.

It is written before the write that closes the lead, so that nothing the closing changes is in it;
of a lead that arrives closed, from what came. Leads that were closed when there were no snapshots
yet have theirs from later, and it says so.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Text,
    all_,
    and_,
    any_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, Insert, array, insert
from sqlalchemy.sql.dml import Update

from models.lead import LEADS
from models.lead_contact import CONTACTS, PRINCIPAL_PHONE, ContactKind
from models.scoring.snapshot import SNAPSHOTS
from services.model.nested import kept_of, paths_of
from services.rules.denied.names import BETWEEN, CAMEL, NEVER
from services.rules.denied.values import PERSONAL_VALUES
from services.rules.fields import Lead
from services.rules.texts import plain
from services.scores.features import FEATURES
from services.scores.statement import Among

# The date of its closing follows the lead's.
INPUTS = frozenset({"fechado_em"})
# A longer text tells of one person alone, or is somebody's note.
MOST_TEXT = 60  # characters
LATER = "posterior"  # of a snapshot: that it is from after the closing
_TARGET = ("equipe_id", "lead_id", "registrado_em", "campos")
_KEPT = (
    "origem_chave",
    "produto_chave",
    "campanha",
    "cidade",
    "uf",
    "valor_centavos",
    "renda_centavos",
    "etiquetas",
    "criado_em",
)
_PRESENCE = ("telefone", "email", "documento", "empresa", "id_externo")
_SCALARS = ("string", "number", "boolean")
# What any of the patterns looks for.
_SUSPECT = "|".join(each.hint for each in NEVER)
_LOOKS_PERSONAL = f"^({'|'.join(PERSONAL_VALUES)})$"
_COMPANY = 14  # digits of its document
# What a rule may look at and no model may: as of a lead that nobody has worked on.
_UNWORKED: Mapping[str, Any] = {
    **dict.fromkeys((*_KEPT, *_PRESENCE, "ddd", "pessoa_juridica")),
    "etapa": "",
    "responsavel_id": None,
    "proximo_contato_em": None,
    "ultimo_contato_em": None,
    "ultimo_resultado": None,
    "atividades": 0,
    "tentativas": 0,
    "atributos": {},
    "contatos": {},
}


def fresh(leads: FromClause, condition: ColumnElement[bool]) -> Insert:
    """Of new leads, those that are closed."""
    closed = leads.c.fechado_em.is_not(None)
    return _insert(_rows(leads, leads.c.fechado_em, condition, closed))


def before(among: Among) -> Insert:
    """Of those of these leads that are open: for the moment before they are closed. What one left
    behind that was closed before, and opened again, is replaced."""
    these = among(LEADS.c.equipe_id, LEADS.c.id) & LEADS.c.fechado_em.is_(None)
    rows = _insert(_rows(LEADS, func.now(), these))
    return rows.on_conflict_do_update(
        index_elements=_TARGET[:2], set_={name: rows.excluded[name] for name in _TARGET[2:]}
    )


def again(among: Among) -> Update:
    """Of leads that have closed, or are said to have at another date."""
    return (
        update(SNAPSHOTS)
        .where(
            among(SNAPSHOTS.c.equipe_id, SNAPSHOTS.c.lead_id),
            SNAPSHOTS.c.equipe_id == LEADS.c.equipe_id,
            SNAPSHOTS.c.lead_id == LEADS.c.id,
            SNAPSHOTS.c.registrado_em != LEADS.c.fechado_em,
        )
        .values(registrado_em=LEADS.c.fechado_em)
    )


def missing(equipe_id: int, most: int) -> Insert:
    """Of closed leads that have none: as they are now."""
    known = select(SNAPSHOTS.c.lead_id).where(SNAPSHOTS.c.equipe_id == equipe_id)
    closed = (
        LEADS.c.equipe_id == equipe_id,
        LEADS.c.excluido_em.is_(None),
        LEADS.c.fechado_em.is_not(None),
        LEADS.c.id.not_in(known),
    )
    some = select(LEADS).where(*closed).limit(most).cte("sem_instantaneo")
    found = _rows(some, some.c.fechado_em, true(), **{LATER: true()})
    return _insert(found).on_conflict_do_nothing()


def lead_of(campos: Mapping[str, Any]) -> Lead:
    """A snapshot as a lead that fields are read of. It is as old as nothing: its age when it closed
    would tell how long it was worked on."""
    created = datetime.fromisoformat(campos["criado_em"])
    return {
        **_UNWORKED,
        **campos,
        "criado_em": created,
        "etapa_desde": created,
        "agora": created,
    }


def _insert(rows: Select[Any]) -> Insert:
    return insert(SNAPSHOTS).from_select(list(_TARGET), rows)


def _rows(
    leads: FromClause,
    closed: ColumnElement[Any],
    *which: ColumnElement[bool],
    **more: ColumnElement[Any],
) -> Select[Any]:
    values: dict[str, ColumnElement[Any]] = {
        **{name: leads.c[name] for name in _KEPT},
        **{name: case((leads.c[name].is_not(None), true())) for name in _PRESENCE},
        "pessoa_juridica": func.length(leads.c.documento) == _COMPANY,
        "ddd": FEATURES["ddd"].column(leads),
        "contatos": _contacts(leads),
        "atributos": _attributes(leads, _forbidden_names(leads, which)),
        **more,
    }
    named = [part for name, value in values.items() for part in (cast(name, Text), value)]
    campos = func.jsonb_strip_nulls(func.jsonb_build_object(*named))
    return select(leads.c.equipe_id, leads.c.id, closed, campos).where(*which)


def _contacts(leads: FromClause) -> ColumnElement[Any]:
    """How many there are, by kind."""
    counts = [
        part
        for tipo in ContactKind
        for part in (
            literal(tipo.value),
            func.nullif(func.count().filter(CONTACTS.c.tipo == tipo.value), 0),
        )
    ]
    return (
        select(func.jsonb_build_object(*counts))
        .where(
            CONTACTS.c.equipe_id == leads.c.equipe_id,
            CONTACTS.c.lead_id == leads.c.id,
            CONTACTS.c.ordem >= PRINCIPAL_PHONE,  # in use, see services/rules/fields
        )
        .correlate(leads)
        .scalar_subquery()
    )


def _forbidden_names(leads: FromClause, which: Iterable[ColumnElement[bool]]) -> ColumnElement[Any]:
    """Those of these leads' attributes, looked at once each."""
    names = paths_of(leads, which).subquery("nomes")
    # One that is looked at once, at whatever depth it is asked for.
    never = select(names.c.nome).where(forbidden(names.c.nome)).cte("proibidos")
    return func.array(select(never.c.nome).scalar_subquery())


def _attributes(leads: FromClause, kept_out: ColumnElement[Any]) -> ColumnElement[Any]:
    """The values that may be learned from: short ones, under names that do not stand for what a
    person must not be judged by."""

    def keeps(path: ColumnElement[str], value: ColumnElement[Any]) -> ColumnElement[bool]:
        text = value.op("#>>")(cast(array([]), ARRAY(Text)))
        return and_(
            func.jsonb_typeof(value) == any_(array(_SCALARS)),
            func.char_length(text) <= MOST_TEXT,
            text.op("!~*", is_comparison=True)(_LOOKS_PERSONAL),
            path != all_(kept_out),
        )

    return kept_of(leads, keeps)


def forbidden(key: ColumnElement[str]) -> ColumnElement[bool]:
    """As services/rules/denied says it of a name. Most names have none of the words, which is found
    out at once."""
    for found, parts in CAMEL:
        key = func.regexp_replace(key, found, parts, "g")
    spaced = func.regexp_replace(literal(" ") + plain(key) + " ", BETWEEN, " ", "g")
    each = [_matches(spaced, kind.found) & _unless(spaced, kind.excuse) for kind in NEVER]
    return case((_matches(spaced, _SUSPECT), or_(*each)), else_=false())


def _unless(spaced: ColumnElement[str], excuse: str | None) -> ColumnElement[bool]:
    return true() if excuse is None else ~_matches(spaced, excuse)


def _matches(spaced: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
    return spaced.op("~", is_comparison=True)(pattern)
