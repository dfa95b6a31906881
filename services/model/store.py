"""The trainings of a tenant, and the closed leads that one learns from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Any, NamedTuple

import orjson
from sqlalchemy import func, select

from models.db import db
from models.db.messages.queries import Query
from models.db.statements import count_here, fetch_here
from models.scoring.snapshot import SNAPSHOTS
from models.scoring.win_model import ModelState, WinModel
from models.team_settings import TeamSettings
from services.model import snapshots
from services.rules.definition import RuleSet
from services.rules.evaluating import Sight, by_field, told_of
from services.rules.fields import ATTRIBUTE, MAX_LEVELS

# Of the newest closed leads so many are learned from: where only recent ones count, and where all
# that a worker has room for do.
RECENT, MOST = 3_000, 60_000
CHUNK = 5_000
# A deleted lead, or one that was opened again, tells nothing.
_CLOSED = Query(
    """
    select s.lead_id, e.tipo = 'ganha', s.registrado_em, cast(s.campos as text)
    from lead_instantaneo s
    join leads l on l.equipe_id = s.equipe_id and l.id = s.lead_id
    join etapas e on e.equipe_id = l.equipe_id and e.chave = l.etapa
    where s.equipe_id = %(equipe_id)s and (s.registrado_em, s.lead_id) < (%(antes)s, %(antes_id)s)
      and l.excluido_em is null and l.fechado_em is not null and e.tipo <> 'aberta'
    order by s.registrado_em desc, s.lead_id desc limit %(maximo)s
    """,
    {},
)


# Of so many of the newest leads with a score of this version of the rules: what each rule gives
# them. Fewer where there are many rules.
_GIVEN, _MOST_GIVEN = 20_000, 1_000_000
_SPREAD = Query(
    """
    select pontos, count(*) from (
      select s.pontos from lead_pontuacao s
      where s.equipe_id = %(equipe_id)s and s.versao = %(versao)s
      order by s.lead_id desc limit %(maximo)s) p
    group by pontos
    """,
    {},
)


# Paths to single values in the attributes of the newest closed leads, names that no snapshot keeps
# included. Of a value only what is inside of it is kept: leads have the same names.
_NAMES = Query(
    """
    with recursive novos as (
      select l.atributos from lead_instantaneo s
      join leads l on l.equipe_id = s.equipe_id and l.id = s.lead_id
      where s.equipe_id = %(equipe_id)s and l.excluido_em is null
      order by s.registrado_em desc, s.lead_id desc limit %(maximo)s
    ), partes (caminho, dentro, nivel) as (
      select distinct e.key, case jsonb_typeof(e.value) when 'object' then e.value end, 1
      from novos cross join lateral jsonb_each(atributos) e
      where jsonb_typeof(e.value) not in ('array', 'null')
      union
      select p.caminho || '.' || e.key,
        case jsonb_typeof(e.value) when 'object' then e.value end, p.nivel + 1
      from partes p cross join lateral jsonb_each(p.dentro) e
      where p.nivel < %(niveis)s and jsonb_typeof(e.value) not in ('array', 'null')
    )
    select distinct caminho from partes where dentro is null order by caminho
    """,
    {"niveis": MAX_LEVELS},
)


class Closed(NamedTuple):
    """A lead that has closed, with what was known of it before."""

    lead_id: int
    ganho: bool
    registrado_em: datetime
    campos: dict[str, Any]


def keep_missing(equipe_id: int, most: int) -> int:
    """Snapshots of leads that closed when none were kept; how many there were."""
    return count_here(snapshots.missing(equipe_id, most))


def newest_closed(equipe_id: int, most: int) -> Iterator[Closed]:
    """A stretch at a time: no statement takes long."""
    place: dict[str, Any] = {"antes": "infinity", "antes_id": 0}
    while most > 0:
        asked = {"equipe_id": equipe_id, **place, "maximo": min(CHUNK, most)}
        rows = fetch_here(_CLOSED, asked)
        for lead_id, won, registered, campos in rows:
            yield Closed(lead_id, won, registered, orjson.loads(campos))
        if len(rows) < asked["maximo"]:
            return
        most -= len(rows)
        place = {"antes": rows[-1][2], "antes_id": rows[-1][0]}


def names_of_attributes(equipe_id: int) -> list[str]:
    """As fields are named, of the RECENT newest closed leads."""
    rows = fetch_here(_NAMES, {"equipe_id": equipe_id, "maximo": RECENT})
    return [ATTRIBUTE + name for (name,) in rows]


def count_kept(equipe_id: int) -> int:
    """Leads that have closed, whatever has become of them since."""
    counted = select(func.count()).where(SNAPSHOTS.c.equipe_id == equipe_id)
    return db.session.scalar(counted) or 0


@dataclass(frozen=True, slots=True)
class Spread:
    """What the rules give the tenant's leads, open and closed: points by field, and how many leads
    have these. Called with a sight: mean and deviation of what is in it, None where the rules tell
    no lead from another."""

    given: list[tuple[dict[str, int], int]]

    def __call__(self, sight: Sight) -> tuple[float, float] | None:
        sums = [(sight.sum(each), n) for each, n in self.given]
        leads = sum(n for _, n in sums)
        mean = sum(points * n for points, n in sums) / leads if leads else 0.0
        away = sum((points - mean) ** 2 * n for points, n in sums)
        return (mean, sqrt(away / leads)) if away else None


def spread_of_points(equipe_id: int, versao: int, rules: RuleSet) -> Spread:
    told = told_of(rules)
    most = min(_GIVEN, _MOST_GIVEN // max(1, len(told)))
    asked = {"equipe_id": equipe_id, "versao": versao, "maximo": most}
    return Spread([(by_field(told, points), n) for points, n in fetch_here(_SPREAD, asked)])


def settings_of(equipe_id: int) -> TeamSettings:
    return db.session.get_one(TeamSettings, equipe_id)


def hold_settings(equipe_id: int) -> TeamSettings:
    """The same, which nobody changes until this transaction ends."""
    mine = select(TeamSettings).where(TeamSettings.equipe_id == equipe_id)
    held = mine.with_for_update(key_share=True).execution_options(populate_existing=True)
    return db.session.scalars(held).one()


def in_use(equipe_id: int) -> WinModel | None:
    """The model that leads are scored by."""
    found = select(WinModel).where(
        WinModel.equipe_id == equipe_id, WinModel.estado == ModelState.EM_USO
    )
    return db.session.scalars(found).one_or_none()


def newest(equipe_id: int) -> WinModel | None:
    """What the last training came to."""
    mine = select(WinModel).where(WinModel.equipe_id == equipe_id)
    return db.session.scalars(mine.order_by(WinModel.versao.desc()).limit(1)).one_or_none()


# Whether what a training is made by has changed since the last one, or its card is of before it was
# kept what its rules may tell of; how long ago that was, and with how many closed leads; how long
# ago one was last asked for.
_LAST = Query(
    """
    select m.versao is null,
      (m.parametros->>'regras_versao')::int is distinct from c.regras_versao
        or m.parametros->'taxa_ganho' is distinct from
          coalesce(to_jsonb(c.taxa_ganho), cast('null' as jsonb))
        or m.parametros->'permitidos' is distinct from (
          select coalesce(jsonb_agg(k order by k collate "C"), '[]')
          from jsonb_object_keys(c.campos_permitidos) k)
        or jsonb_typeof(m.cartao) = 'object' and m.cartao->'vista' is null,
      extract(epoch from now() - m.treinado_em), (m.parametros->>'fechados')::int,
      extract(epoch from now() - (
        select max(t.criado_em) from trabalhos t
        where t.equipe_id = c.equipe_id and t.tipo = 'treinar'))
    from configuracao c
    left join lateral (
      select * from modelos where equipe_id = c.equipe_id order by versao desc limit 1) m on true
    where c.equipe_id = %(equipe_id)s
    """,
    {},
)
_AT_LEAST = Query(
    """
    select count(*) >= %(fechados)s from (
      select from lead_instantaneo where equipe_id = %(equipe_id)s limit %(fechados)s) s
    """,
    {},
)
_HOUR = 3_600.0  # seconds
_DAY = 24 * _HOUR
_LONGEST = 30 * _DAY
ENOUGH = 30  # closed leads, of which something can be learned


def is_due(equipe_id: int) -> bool:
    """Whether a training would learn something new: from the first closed leads that are enough,
    then once a day at the most."""
    rows = fetch_here(_LAST, {"equipe_id": equipe_id})
    if not rows:
        return False
    first, differs, age, known, asked = rows[0]
    if asked is not None and asked < (_HOUR if differs and not first else _DAY):
        return False
    if first:
        return _has_closed(equipe_id, ENOUGH)
    if differs or age >= _LONGEST:
        return True
    return age >= _DAY and _has_closed(equipe_id, known + max(1, min(known // 10, 50)))


def _has_closed(equipe_id: int, least: int) -> bool:
    """Whether so many leads have closed."""
    return bool(fetch_here(_AT_LEAST, {"equipe_id": equipe_id, "fechados": least})[0][0])
