"""By what a staged line is recognised, and the live leads that have it, as SQL. Parameters:
equipe_id, importacao_id."""

from services.imports.mapping.targets import CONTACTS
from services.leads.contacts import PRINCIPAL
from services.leads.duplicates import KEYS

# The fields of the keys of a line `t`, by their rank: those of KEYS, and its other contacts.
FIELDS = [*KEYS.values(), CONTACTS]
OTHERS = len(KEYS)
# A line `t` with each of its other contacts, which are texts "tipo:chave".
EACH_OTHER = "linhas_importadas t, unnest(t.contatos) u(contato)"
OTHER_HASH = "hashtextextended(u.contato, 0)"
_LIVE = "l.equipe_id = :equipe_id and l.excluido_em is null"
_FOUND = "l.id, coalesce(l.importacao_id = :importacao_id, false) as nosso"


def named(rank: str) -> str:
    """The field of the key with this rank, null of none."""
    cases = " ".join(f"when {n} then '{campo}'" for n, campo in enumerate(FIELDS))
    return f"case {rank} {cases} end"


def key_hash(kind: str, value: str) -> str:
    """A number that stands for a key: no personal value is kept with it."""
    return f"hashtextextended('{kind}:' || {value}, 0)"


def keyed(select: str, source: str = "") -> list[str]:
    """One SELECT for each kind of key. `select` may name {rank} and {chave}, the key's hash;
    `source`, what {chave} is joined with."""
    lines = [
        f"select {select} from linhas_importadas t{source} where t.{key} is not null".format(
            rank=rank, chave=key_hash(kind, f"t.{key}")
        )
        for rank, (key, kind) in enumerate(KEYS.items())
    ]
    others = f"select {select} from {EACH_OTHER}{source} where t.contatos is not null"
    return [*lines, others.format(rank=OTHERS, chave=OTHER_HASH)]


def _matches(rank: int, key: str, kind: str) -> str:
    """The live leads that have this key of a line, phones and e-mails among all their contacts;
    `nosso`: whether the import itself has made it.

    Each key and each lead is looked up by itself (OFFSET 0 keeps it so): of rows that nobody has
    counted yet, as after another file, the planner expects one, and would compare all with all.
    """
    if key == kind and key not in PRINCIPAL:
        looked_up = _each(f"select {_FOUND} from leads l where {_LIVE} and l.{key} = t.{key}", "m")
    else:
        looked_up = _by_contact(f"'{kind}'", f"t.{key}")
    return (
        f"select t.linha, m.id, m.nosso, {rank} as rank, {key_hash(kind, f't.{key}')} as chave "
        f"from linhas_importadas t, {looked_up} where t.{key} is not null"
    )


def _by_contact(tipo: str, chave: str) -> str:
    contacts = (
        "select c.lead_id from lead_contatos c where c.equipe_id = :equipe_id "
        f"and c.tipo = {tipo} and c.chave = {chave} and c.retirado_em is null"
    )
    leads = f"select {_FOUND} from leads l where {_LIVE} and l.id = c.lead_id"
    return f"{_each(contacts, 'c')}, {_each(leads, 'm')}"


def _each(query: str, name: str) -> str:
    return f"lateral ({query} offset 0) {name}"


_OTHER = _by_contact(
    "split_part(u.contato, ':', 1)", "substr(u.contato, strpos(u.contato, ':') + 1)"
)
MATCHES = " union all ".join(
    [
        *(_matches(rank, key, kind) for rank, (key, kind) in enumerate(KEYS.items())),
        f"select t.linha, m.id, m.nosso, {OTHERS}, {OTHER_HASH} from {EACH_OTHER}, {_OTHER} "
        "where t.contatos is not null",
    ]
)
