"""What earlier batches of an import have done to leads, as far as it matters to later lines.

A lead is found by the keys that it had when the import began: not by those that an earlier line
gave it, but also by those that one took from it. A line that says the key of one that was taken, or
is about its lead, repeats it. Leads that the import has made name it themselves; of those that it
found, importacao_chaves tells. Parameters: equipe_id, importacao_id.
"""

from typing import Any

from services.imports.writing.matches import FIELDS, key_hash, keyed
from services.imports.writing.matches import MATCHES as _NOW
from services.imports.writing.staging import MATCHED, run
from services.leads.duplicates import KEYS

# The hashes of a line's keys.
KEYS_SQL = (
    f"array[{', '.join(key_hash(kind, f't.{key}') for key, kind in KEYS.items())}] "
    "|| array(select hashtextextended(contato, 0) from unnest(t.contatos) contato)"
)
_OURS = "k.equipe_id = :equipe_id and k.importacao_id = :importacao_id"
# A change of these puts another one in its place; documents and ids are only ever added.
_REPLACED = {"email": "email", "telefone": "telefone_chave"}


def _looked_up(condition: str, behind: str) -> str:
    """Each by itself, however many rows the planner expects."""
    return (
        f", lateral (select k.lead_id from importacao_chaves k where {_OURS} and {condition} "
        f"{behind}) k"
    )


# The leads that had a line's keys when the import began.
MATCHES = " union all ".join(
    [
        f"select linha, id, nosso, rank, chave from ({_NOW}) n where not exists (select from "
        f"importacao_chaves k where {_OURS} and k.chave = n.chave and k.lead_id = n.id "
        "and not k.tinha)",
        *keyed(
            "t.linha, k.lead_id as id, false as nosso, {rank} as rank, {chave} as chave",
            _looked_up("k.chave = {chave} and k.tinha", "offset 0"),
        ),
    ]
)


def shared(*, updates: bool) -> list[str]:
    """Lines that share something with a line of an earlier batch that was taken, and what; that
    line is 0 to 5, by what is shared."""
    found = ["select linha, nossa, nossa::bigint from linhas_importadas t where nossa is not null"]
    if updates:
        said = _looked_up("k.chave = {chave} and k.dita", "limit 1")
        found += keyed("t.linha, {rank}, {rank}", said)
        about = _looked_up("k.lead_id = t.lead_id", "limit 1")
        lead = len(FIELDS)
        found.append(
            f"select t.linha, {lead}, {lead} from linhas_importadas t{about} "
            "where t.lead_id is not null"
        )
    return [f"{query} and t.motivo is null" for query in found]


def remember(parameters: dict[str, Any]) -> None:
    """Keep the keys of the lines that are taken for a lead, and those that the lead loses; before
    it changes."""
    lost = " union all ".join(
        f"select l.id, {key_hash(campo, f'l.{key}')}, false, true from linhas_importadas t, "
        f"leads l where {MATCHED} and '{campo}' = any(t.campos) and l.{key} is not null"
        for campo, key in _REPLACED.items()
    )
    run(
        "insert into importacao_chaves (equipe_id, importacao_id, lead_id, chave, dita, tinha) "
        "select :equipe_id, :importacao_id, k.* from (select t.lead_id, u.chave, true, "
        "u.chave = any(t.achadas) from linhas_importadas t, unnest(t.chaves) u(chave) "
        "where t.motivo is null and t.lead_id is not null and u.chave is not null "
        f"union all {lost}) k on conflict do nothing",
        **parameters,
    )
