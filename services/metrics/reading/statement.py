"""The statement that reads figures: parts of cells and of what is not folded into them yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from models.db.messages.queries import Query
from models.derived.figure import NAMED, OTHERS
from services.metrics.reading.version import COUNTED

SUMS = ("n", "valor", "pesados", "ponderado", "variancia")
_BITS = {"responsavel_id": 1, "origem": 2, "produto": 4}
# By responsável and one more there are cells of this fact alone.
_PAIRED = "etapa"
# What dashboards ask for all day: all leads, or one person's.
_POLLED = ((), ("responsavel_id",))
_SUMMED = (
    "sum(n)::bigint, coalesce(sum(valor), 0), coalesce(sum(pesados), 0)::bigint, "
    "coalesce(sum(ponderado), 0), coalesce(sum(variancia), 0)"
)
_COLUMNS = ("responsavel_id", "origem", "produto", "quando", "chave", "tipo", "balde")
_KINDS = ("bigint", "text", "text", "int", "text", "text", "int")
_NONE = {"responsavel_id": "0", "origem": "''", "produto": "''"}
_DIMENSION = {
    "responsavel_id": "coalesce(d.responsavel_id, 0)",
    "origem": "d.origem_chave",
    "produto": "d.produto_chave",
}


@dataclass(frozen=True, slots=True)
class Part:
    """`span`: the name of the bounds of `quando`; the values have {span}_de and {span}_ate."""

    fato: str
    by: tuple[str, ...] = ()
    span: str | None = None


# Parts that are no sums of a fact. A row of NAMES: `chave` is the key of a word, `origem` how it is
# written, `produto` its field; `tipo` says whether it has cells of its own, `n` of how many leads
# it was when last folded and `pesados` how many have come since. OUTSIDE: how many words have no
# cells of their own, by field. DUE: open leads whose promise fell due just now.
NAMES, OUTSIDE, DUE = "nomes", "fora", "vencidas"
INSIDE, NEW, OUT = "dentro", "nova", "fora"


@lru_cache(maxsize=256)
def statement(parts: tuple[Part, ...], bound: tuple[str, ...], counted: bool) -> Query:
    """The text behind cells.read(). `bound`: the dimensions of which keys are asked for;
    `counted`: from leads, without any cell. A row is the number of its part and a cells.Row."""
    facts = ", ".join(f"'{part.fato}'" for part in parts if part.fato not in (NAMES, OUTSIDE, DUE))
    source = (
        f"metricas_de_agora(%(equipe_id)s) d where {_matches(bound)}"
        if counted
        else "metricas_delta d where d.equipe_id = %(equipe_id)s"
    )
    selected = " union all ".join(
        [_state(), *(_part(n, part, bound, counted) for n, part in enumerate(parts))]
    )
    named = not counted and any({"origem", "produto"} & {*part.by, *bound} for part in parts)
    keys = ", ".join(_key(name, named, counted) for name in ("origem", "produto"))
    facts_of = " union all ".join(_facts(facts, keys, _joined(named)))
    return Query(
        f"with mudancas as materialized (select d.* from {source}), "  # noqa: S608 - text of ours
        f"{_names()}"
        f"fatos as materialized ({facts_of}) {selected}",
        {},
        # Planning it takes longer than carrying it out; of all filters the texts would be many.
        hot=not counted and bound in _POLLED,
    )


def _facts(wanted: str, keys: str, joined: str) -> Iterator[str]:
    """What the changes add, of leads and of their stays."""
    for which, name in (("not ", "lead"), ("", "permanencia")):
        yield (
            "select f.*, coalesce(d.responsavel_id, 0) as responsavel_id, "  # noqa: S608 - text of ours
            f"{keys} from mudancas d {joined} "
            f"cross join lateral metricas_fatos_de_{name}(d, %(fuso)s, %(lei)s) f "
            f"where {which}d.de_permanencia and f.fato in ({wanted or 'null'})"
        )


def _names() -> str:
    return (
        "nomes as materialized (select m.campo, m.chave, m.nome, m.dentro, m.n "
        "from metricas_nomes m where m.equipe_id = %(equipe_id)s and m.dentro "
        "union all select m.campo, m.chave, m.nome, m.dentro, m.n from metricas_nomes m "
        "where m.equipe_id = %(equipe_id)s and not m.dentro and (m.campo, m.chave) in "
        "(select w.campo, w.chave from mudancas d cross join lateral "
        "(values ('origem', d.origem_chave), ('produto', d.produto_chave)) w(campo, chave))), "
    )


def _joined(named: bool) -> str:
    if not named:
        return ""
    return " ".join(
        f"left join nomes n_{name} on n_{name}.campo = '{name}' and n_{name}.chave = d.{name}_chave"
        for name in ("origem", "produto")
    )


def _key(name: str, named: bool, counted: bool) -> str:
    """The key under which a change is folded, or will be: a word of which there are no cells yet
    has its own while there is room. Of leads that are counted, each has its own."""
    if counted:
        return f"coalesce(d.{name}_chave, '') as {name}"
    if not named:
        return f"'' as {name}"
    room = f"(select count(*) from nomes where campo = '{name}' and dentro) < {NAMED}"  # noqa: S608 - text of ours
    known = f"n_{name}.dentro"
    return (
        f"case when d.{name}_chave is null then '' when coalesce({known}, {room}) "
        f"then d.{name}_chave else '{OTHERS}' end as {name}"
    )


def _part(n: int, part: Part, bound: tuple[str, ...], counted: bool) -> str:
    if part.fato == NAMES:
        return _names_part(n)
    if part.fato == OUTSIDE:
        return _outside_part(n)
    if part.fato == DUE:
        return _due_part(n, bound)
    by = [name for name in _COLUMNS if name in part.by]
    shown = ", ".join(
        name if name in by else f"null::{kind}" for name, kind in zip(_COLUMNS, _KINDS, strict=True)
    )
    grouped = f"group by {', '.join(by)}" if by else "having count(*) > 0"
    rows = " union all ".join(_sources(part, by, bound, counted))
    return f"(select {n}, {shown}, {_SUMMED} from ({rows}) t {grouped})"  # noqa: S608 - text of ours


def _sources(part: Part, by: list[str], bound: tuple[str, ...], counted: bool) -> Iterator[str]:
    columns = ", ".join([*by, *SUMS])
    within = f" and quando between %({part.span}_de)s and %({part.span}_ate)s" if part.span else ""
    if not counted:
        grain = _grain(part, bound)
        # What the grain is not of is empty: said so, so that the key's index is of use.
        fixed = [f" and {name} = {_NONE[name]}" for name, bit in _BITS.items() if not grain & bit]
        yield (
            f"select {columns} from metricas_celulas where equipe_id = %(equipe_id)s "  # noqa: S608 - text of ours
            f"and fato = '{part.fato}' and grao = {grain}{''.join(fixed)}{_bound(bound)}{within}"
        )
    also = "" if counted else _bound(bound)
    yield f"select {columns} from fatos where fato = '{part.fato}'{also}{within}"  # noqa: S608 - text of ours


def _grain(part: Part, bound: tuple[str, ...]) -> int:
    """The coarsest that has what is asked for."""
    needed = sum(bit for name, bit in _BITS.items() if name in part.by or name in bound)
    there = (0, 1, 2, 4, 3, 5, 7) if part.fato == _PAIRED else (0, 1, 2, 4, 7)
    return next(grain for grain in there if grain & needed == needed)


def _bound(bound: tuple[str, ...]) -> str:
    return "".join(f" and {name} = %(so_{name})s" for name in bound)


def _matches(bound: tuple[str, ...], row: str = "d") -> str:
    names = {name: text.replace("d.", f"{row}.") for name, text in _DIMENSION.items()}
    return " and ".join(f"{names[name]} = any(%(um_de_{name})s)" for name in bound) or "true"


def _state() -> str:
    return (
        "(select -1, null::bigint, b.fuso::text, null::text, b.lei, null::text, null::text, "  # noqa: S608 - text of ours
        f"null::int, {COUNTED}, 0::numeric, 0::bigint, 0::numeric, 0::numeric from (select "
        "coalesce(b.fuso, %(fuso)s) as fuso, coalesce(b.lei, %(lei)s) as lei from (values (1)) v "
        "left join metricas_base b on b.equipe_id = %(equipe_id)s) b)"
    )


def _names_part(n: int) -> str:
    """The words that figures may be of, and how they were first written."""
    return (
        f"(select {n}, null::bigint, coalesce(n.nome, w.nome)::text, w.campo, null::int, w.chave, "  # noqa: S608 - text of ours
        f"case when n.dentro then '{INSIDE}' when n.dentro is null then '{NEW}' else '{OUT}' end, "
        "null::int, coalesce(n.n, 0)::bigint, 0::numeric, w.n::bigint, 0::numeric, 0::numeric "
        "from (select campo, chave, (array_agg(nome order by id))[1] as nome, "
        "sum(n) as n from (select 'origem' as campo, chave, nome, 0 as id, 0 as n from nomes "
        "where campo = 'origem' union all select 'produto', chave, nome, 0, 0 from nomes "
        "where campo = 'produto' union all select w.campo, w.chave, w.nome, d.id, "
        "case when d.de_permanencia then 0 else d.sinal end from mudancas d cross join lateral "
        "(values ('origem', d.origem_chave, d.origem), ('produto', d.produto_chave, d.produto)) "
        "w(campo, chave, nome) where w.chave is not null) todas group by campo, chave) w "
        "left join nomes n using (campo, chave))"
    )


def _outside_part(n: int) -> str:
    """How many words have no cells of their own, by field."""
    return (
        f"(select {n}, null::bigint, null::text, campo::text, null::int, null::text, null::text, "  # noqa: S608 - text of ours
        "null::int, count(*), 0::numeric, 0::bigint, 0::numeric, 0::numeric from metricas_nomes "
        "where equipe_id = %(equipe_id)s and not dentro and n > 0 group by campo)"
    )


def _due_part(n: int, bound: tuple[str, ...]) -> str:
    """Open leads whose promise fell due within these moments."""
    return (
        f"(select {n}, null::bigint, null::text, null::text, null::int, null::text, null::text, "  # noqa: S608 - text of ours
        "null::int, count(*), 0::numeric, 0::bigint, 0::numeric, 0::numeric from leads l "
        "join etapas e on e.equipe_id = l.equipe_id and e.chave = l.etapa and e.tipo = 'aberta' "
        "where l.equipe_id = %(equipe_id)s and l.excluido_em is null "
        f"and l.proximo_contato_em >= %(vence_de)s and l.proximo_contato_em < %(vence_ate)s "
        f"and {_matches(bound, 'l')})"
    )
