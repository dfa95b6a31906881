"""The contacts of staged lines beside the principal ones, which follow from the leads themselves.

`contatos` of a line holds texts of staged(), the one that is principal where a lead has none among
them.
"""

from typing import Any

from models.lead_contact import FIRST_OTHER, ContactKind
from services.imports.writing.staging import MATCHED, run
from services.leads.contacts import Contact

# The entries of a line `t`.
_EACH = "unnest(t.contatos) with ordinality u(contato, n)"
_KEY = "substr(u.contato, strpos(u.contato, ':') + 1)"
_COLUMNS = (
    "split_part(u.contato, ':', 1)",
    _KEY,
    _KEY,
    f"case when u.contato like '{ContactKind.TELEFONE}:%' then reverse({_KEY}) end",
)
_INSERT = (
    "insert into lead_contatos (equipe_id, lead_id, ordem, tipo, valor, chave, final) "
    "select :equipe_id, {lead}, {last} + row_number() over (partition by t.linha order by u.n), "
    f"{', '.join(_COLUMNS)} from "
)
_IN_OTHER_PLACES = (
    "lead_contatos c where c.equipe_id = l.equipe_id and c.lead_id = l.id "
    f"and c.ordem not between 0 and {FIRST_OTHER - 1}"
)
# Those that are no longer in use have places below 0.
_LAST = f"greatest({FIRST_OTHER - 1}, (select max(c.ordem) from {_IN_OTHER_PLACES}))"
# Of a lead `l`, as staged() has them, an array for JSON.
OTHERS = (
    "(select coalesce(jsonb_agg(c.tipo || ':' || c.chave order by c.ordem), '[]') "
    f"from {_IN_OTHER_PLACES} and c.retirado_em is null)"
)


def staged(contact: Contact) -> str:
    """A contact as a line has it: its kind and the form in which two are compared."""
    return f"{contact.tipo}:{contact.chave}"


def add_to_new(condition: str, parameters: dict[str, Any]) -> None:
    """To the leads that lines `t` become; before what follows from these is derived."""
    principal = _is_principal("t.telefone_chave", "t.email")
    run(
        _INSERT.format(lead="t.id", last=FIRST_OTHER - 1)
        + f"linhas_importadas t, {_EACH} where {condition} and not {principal}",
        **parameters,
    )


def keep_unknown(parameters: dict[str, Any]) -> None:
    """Leave in a line those that its lead has not, nor will have as principal ones."""
    principal = _is_principal(
        "coalesce(t.telefone_chave, l.telefone_chave)", "coalesce(t.email, l.email)"
    )
    known = f"exists (select from {_IN_OTHER_PLACES} and u.contato = c.tipo || ':' || c.chave)"
    run(
        "update linhas_importadas t set contatos = nullif(array(select u.contato "
        f"from {_EACH} where not {principal} and not {known} order by u.n), '{{}}') "
        f"from leads l where {MATCHED} and t.contatos is not null",
        **parameters,
    )


def add_to_known(parameters: dict[str, Any]) -> None:
    """To the leads that lines are about, behind those that they have."""
    run(
        _INSERT.format(lead="l.id", last=_LAST)
        + f"linhas_importadas t join leads l on {MATCHED}, {_EACH}",
        **parameters,
    )


def _is_principal(phone: str, email: str) -> str:
    kinds = ((ContactKind.TELEFONE, phone), (ContactKind.EMAIL, email))
    same = " or ".join(f"u.contato = '{kind}:' || {value}" for kind, value in kinds)
    return f"coalesce({same}, false)"
