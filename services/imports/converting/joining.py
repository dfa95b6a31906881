"""What several columns of a line make together, or several texts of one cell: the name of its two
halves, and the contacts of every column that holds some."""

from collections.abc import Iterable

from services.errors import Code, FieldError, Invalid, at_most
from services.imports.converting.contactCells import contact_of
from services.imports.converting.copyText import NULL, array_of, escaped, plain
from services.imports.mapping.targets import CONTACTS, SURNAME
from services.imports.writing.contacts import staged
from services.imports.writing.staging import STAGED
from services.leads.contacts import PRINCIPAL, Contact, principal_of, settle
from services.leads.duplicates import KeyBuckets
from services.leads.fields import TEXT_LIMITS

# What columns may go to beside that of the field itself.
JOINED = (SURNAME, CONTACTS)
_NOME, _CONTATOS = STAGED.index("nome"), STAGED.index(CONTACTS)
_PRINCIPAL = [(name, STAGED.index(name)) for name in PRINCIPAL]
_TOO_LONG = FieldError("nome", Code.LONGO_DEMAIS, at_most(TEXT_LIMITS["nome"]))


def join_name(line: list[str], surname: str) -> list[FieldError]:
    """Put a surname behind the first name; both are texts of COPY."""
    line[_NOME] = surname if line[_NOME] is NULL else f"{line[_NOME]} {surname}"
    return [_TOO_LONG] if len(plain(line[_NOME])) > TEXT_LIMITS["nome"] else []


def join_contacts(
    line: list[str], others: Iterable[str], filled: list[str], keys: KeyBuckets
) -> list[FieldError]:
    """Leave in the line the principal telephone and e-mail, the contacts beside them, and the keys
    of those. `others`: cells of contacts, in the order of the file.

    Where the line names no principal one, the first of the others is it, as a default is: for leads
    that have none. So it stays among the others, too, and its field is put in `filled`.
    """
    said = {name: _texts(line[place]) for name, place in _PRINCIPAL}
    lead = {name: texts[0] if texts else None for name, texts in said.items()}
    texts = [text for several in said.values() for text in several[1:]]
    texts += [text for cell in others for text in _texts(cell)]
    missing = [name for name in lead if lead[name] is None]
    try:
        kept = settle(map(contact_of, texts), lead, promote=True)
    except Invalid as error:
        return list(error.fields)
    for name, place in _PRINCIPAL:
        line[place] = NULL if lead[name] is None else escaped(str(lead[name]))
    promoted = {name: lead[name] for name in missing if lead[name] is not None}
    filled += promoted
    _keep(line, [*principal_of(promoted), *kept], keys)
    return []


def _keep(line: list[str], others: list[Contact], keys: KeyBuckets) -> None:
    if others:
        line[_CONTATOS] = escaped(array_of(map(staged, others)))
    for each in others:
        keys.add(each.tipo, each.chave)


def _texts(cell: str) -> list[str]:
    return [] if cell is NULL else plain(cell).split()
