"""A lead's fields: their order, their limits, and how a typed text becomes what is kept.

Every limit is that of the column (models/lead), so that schemas and imports refuse the same texts,
and neither lets through what the database cannot hold.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import String

from models.lead import LEADS
from models.lead import MONEY_DIGITS as MONEY_DIGITS
from models.lead import MONEY_PLACES as MONEY_PLACES
from models.lead import TAG_LENGTH as TAG_LENGTH
from services.errors import Code, FieldError
from services.leads.attributes import attributes_error as attributes_error  # for the schemas
from services.leads.contacts import MAX_CONTACTS as MAX_CONTACTS
from services.leads.contacts import Contact as Contact
from utils.brazil.documents import normalize_document
from utils.brazil.phones import normalize_phone
from utils.brazil.phones import why_invalid as why_invalid_phone
from utils.brazil.states import STATES, normalize_state
from utils.emails import normalize_email, normalize_email_start
from utils.external_ids import normalize_external_id
from utils.text import clean_text
from utils.whatsapp import normalize_whatsapp_id

# The order of a lead's fields on the wire and in every row that services return.
FIELDS = tuple(
    (
        "id nome email telefone documento empresa cidade uf produto valor renda_mensal origem "
        "campanha etiquetas etapa motivo_perda responsavel_id proximo_contato_em "
        "ultimo_contato_em fechado_em previsto_para nao_contatar_em score faixa probabilidade "
        "atributos id_externo versao etapa_desde criado_em atualizado_em"
    ).split()
)
# What only the server sets; a file may tell of what has been (services/imports/mapping/targets.py).
READ_ONLY = frozenset(
    (
        "id nao_contatar_em score faixa probabilidade versao etapa_desde criado_em atualizado_em"
    ).split()
)

# Of a date that somebody is to live to see.
NOT_OF_OUR_TIME = "Use uma data entre os anos 1900 e 2200."
# Dates of what has happened, which is never in the future. A PATCH lets it pass for a last contact.
HISTORY = ("criado_em", "ultimo_contato_em", "fechado_em")

ORDERABLE = ("criado_em", "atualizado_em", "proximo_contato_em", "valor", "score")
ORDER_NAMES = tuple(f"{sign}{name}" for name in ORDERABLE for sign in ("", "-"))
DEFAULT_ORDER = "-criado_em"
DEFAULT_PAGE = 20  # leads
# The value of the filter `responsavel_id` that finds leads without one.
NOBODY = "nenhum"

# The name of a lead of whom a file or an upsert tells none.
UNNAMED = "Sem nome"
# Characters of each text field.
TEXT_LIMITS = {
    column.name: column.type.length
    for column in LEADS.c
    if isinstance(column.type, String) and column.type.length
}
MAX_TAGS = 20
# They separate the labels in a cell of a file, so a label holds none of them.
TAG_SEPARATORS = ",;|"


@dataclass(frozen=True, slots=True)
class Format:
    """How a typed text is normalised (ValueError if it cannot be), and the error in that case, with
    the values there are if they are few, or with why."""

    normalize: Callable[[str], str]
    code: Code
    message: str
    options: tuple[str, ...] = ()
    why: Callable[[str], str] | None = None

    def error(self, said: str) -> FieldError:
        message = f"{self.message[:-1]}: {self.why(said)}." if self.why else self.message
        error = FieldError("", self.code, message)
        return error.among(said, self.options) if self.options else error


TEXT = Format(clean_text, Code.TEXTO_INVALIDO, "Há caracteres que não são texto.")
EMAIL = Format(normalize_email, Code.EMAIL_INVALIDO, "E-mail inválido.")
EMAIL_START = Format(normalize_email_start, Code.EMAIL_INVALIDO, "Nenhum e-mail começa assim.")
PHONE = Format(normalize_phone, Code.TELEFONE_INVALIDO, "Telefone inválido.", why=why_invalid_phone)
DOCUMENT = Format(normalize_document, Code.DOCUMENTO_INVALIDO, "CPF ou CNPJ inválido.")
STATE = Format(normalize_state, Code.VALOR_INVALIDO, "UF inexistente.", STATES)
WHATSAPP_ID = Format(
    normalize_whatsapp_id, Code.VALOR_INVALIDO, "Não é um id do WhatsApp, como BR.1234567890."
)
EXTERNAL_ID = Format(
    normalize_external_id,
    Code.VALOR_INVALIDO,
    "O código foi arredondado por uma planilha: faltam algarismos.",
)
