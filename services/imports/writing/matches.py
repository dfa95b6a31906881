"""The live leads that have a key of a staged line, as SQL. Parameters: equipe_id, importacao_id."""

from services.leads.contacts import PRINCIPAL
from services.leads.duplicates import KEYS

# What no two lines share that are both taken: a key, or the lead that they are about.
SHARED = [*KEYS, "lead_id"]
_LIVE = "l.equipe_id = :equipe_id and l.excluido_em is null"
_FOUND = "l.id, coalesce(l.importacao_id = :importacao_id, false) as nosso"


def named(rank: str) -> str:
    """The field of the key with this rank, null of none."""
    cases = " ".join(f"when {n} then '{campo}'" for n, campo in enumerate(KEYS.values()))
    return f"case {rank} {cases} end"


def key_hash(key: str, value: str) -> str:
    """A number that stands for a key: no personal value is kept with it."""
    return f"hashtextextended('{key}:' || {value}, 0)"


def _matches(rank: int, key: str, kind: str) -> str:
    """The live leads that have this key of a line, phones and e-mails among all their contacts;
    `nosso`: whether the import itself has made it.

    Each key and each lead is looked up by itself (OFFSET 0 keeps it so): of rows that nobody has
    counted yet, as after another file, the planner expects one, and would compare all with all.
    """
    if key == kind and key not in PRINCIPAL:
        looked_up = _each(f"select {_FOUND} from leads l where {_LIVE} and l.{key} = t.{key}", "m")
    else:
        contacts = (
            "select c.lead_id from lead_contatos c where c.equipe_id = :equipe_id "
            f"and c.tipo = '{kind}' and c.chave = t.{key} and c.retirado_em is null"
        )
        leads = f"select {_FOUND} from leads l where {_LIVE} and l.id = c.lead_id"
        looked_up = f"{_each(contacts, 'c')}, {_each(leads, 'm')}"
    return (
        f"select t.linha, m.id, m.nosso, {rank} as rank, {key_hash(key, f't.{key}')} as chave "
        f"from linhas_importadas t, {looked_up} where t.{key} is not null"
    )


def _each(query: str, name: str) -> str:
    return f"lateral ({query} offset 0) {name}"


MATCHES = " union all ".join(
    _matches(rank, key, kind) for rank, (key, kind) in enumerate(KEYS.items())
)
