"""What a list of leads is asked for: filters, order, page."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict

from controllers.schemas.fields import Document, Flag, Id, Phone, State, of_our_time, read_moment
from controllers.schemas.leads.leadFields import Band, LeadEmail, Product, Source, Stage, Tag
from controllers.schemas.paging import Cursor, PageSize
from controllers.schemas.wire import Text, Wire, checked, doc, field_error
from services.errors import Code
from services.leads.fields import (
    DEFAULT_ORDER,
    DEFAULT_PAGE,
    EMAIL_START,
    NOBODY,
    ORDER_NAMES,
    TEXT_LIMITS,
)
from utils.clock import parse_day, parse_instant
from utils.text import fold_name


def _owner(value: Any) -> Any:
    return value if value == NOBODY or not isinstance(value, str) else _digits(value)


def _digits(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 20):
        raise field_error(Code.TIPO_INVALIDO, "Use um id ou nenhum.")
    return int(value)


def _day_or_instant(value: Any) -> date | datetime:
    message = "Use AAAA-MM-DD ou data e hora com fuso."
    return of_our_time(read_moment(value, _read_bound, message), message)


def _read_bound(text: str) -> date:
    return parse_day(text) if len(text) == 10 else parse_instant(text)


def _searchable(value: str) -> str:
    if not fold_name(value):  # accents or apostrophes alone: they would be found everywhere
        raise field_error(Code.VALOR_INVALIDO, "Informe ao menos uma letra ou um algarismo.")
    return value


def _any(about: str, example: str) -> Any:
    return doc(f"{about}; repetido, qualquer delas.", [example], max_length=20)


Owner = Annotated[
    Id | Literal["nenhum"],
    BeforeValidator(_owner),
    doc("Número de um usuário, ou `nenhum` para os leads sem responsável.", 12),
]
Bound = Annotated[date | datetime, BeforeValidator(_day_or_instant)]


def _ending(value: str) -> str:
    digits = value.strip()
    if not (digits.isascii() and digits.isdigit()):
        raise field_error(Code.VALOR_INVALIDO, _ENDING)
    if len(digits) < MIN_PHONE_END:
        raise field_error(Code.CURTO_DEMAIS, _ENDING)
    if len(digits) > MAX_PHONE_END:
        raise field_error(Code.LONGO_DEMAIS, _ENDING)
    return digits


MIN_PHONE_END, MAX_PHONE_END = 4, 8
_ENDING = f"Informe só os últimos algarismos do telefone, de {MIN_PHONE_END} a {MAX_PHONE_END}."
PhoneEnd = Annotated[
    str,
    doc(
        f"Como um telefone do lead termina: de {MIN_PHONE_END} a {MAX_PHONE_END} algarismos.",
        "4321",
        json_schema_extra={"pattern": f"^[0-9]{{{MIN_PHONE_END},{MAX_PHONE_END}}}$"},
    ),
    AfterValidator(_ending),
]
EmailStart = Annotated[
    str,
    Text(
        TEXT_LIMITS["email"],
        "Como um e-mail do lead começa; maiúsculas não fazem diferença.",
        "lead@",
    ),
    checked(EMAIL_START),
]
_WHEN = "uma data (o dia da equipe, inclusive) ou um instante"


class LeadFilters(Wire):
    """Repeated etapa, origem, uf, faixa and produto mean any of; repeated etiqueta, all of."""

    etapa: Annotated[list[Stage], _any("Etapas", "contatado")] = []
    origem: Annotated[list[Source], _any("Origens", "indicação")] = []
    uf: Annotated[list[State], _any("Siglas de UF", "SP")] = []
    faixa: Annotated[list[Band], _any("Faixas", "morno")] = []
    produto: Annotated[list[Product], _any("Produtos", "consórcio de imóvel")] = []
    etiqueta: Annotated[
        list[Tag], doc("Etiquetas; repetida, todas elas.", ["vip"], max_length=20)
    ] = []
    responsavel_id: Owner | None = None
    criado_de: Annotated[Bound, doc(f"Criado desde {_WHEN}.", "2026-08-01")] | None = None
    criado_ate: Annotated[Bound, doc(f"Criado até {_WHEN}, exclusive.", "2026-08-31")] | None = None
    q: (
        Annotated[
            str,
            Text(
                100,
                "Partes do nome ou da empresa, em qualquer ordem; acentos, apóstrofos e maiúsculas "
                "não fazem diferença.",
                "maria",
            ),
            AfterValidator(_searchable),
        ]
        | None
    ) = None


class Ordering(Wire):
    ordenar: Annotated[
        Literal[ORDER_NAMES],  # type: ignore[valid-type]
        doc(f"A ordem; `-` é decrescente. Sem ela, {DEFAULT_ORDER}.", "-score"),
    ] = DEFAULT_ORDER


class Paging(Ordering):
    limite: PageSize = DEFAULT_PAGE
    cursor: Cursor | None = None


class LeadQuery(LeadFilters, Paging):
    total: Annotated[Flag, doc("1 conta todos os que combinam.", "1")] = "0"
    excluidos: Annotated[
        Flag, doc("1 lista, em vez dos vivos, os excluídos; só do gestor.", "0")
    ] = "0"


class SearchFilters(LeadFilters):
    """Os filtros da lista e, além deles, os dados pessoais que não vão em URLs. E-mails e telefones
    são procurados entre todos os contatos dos leads."""

    documento: Document | None = None
    email: LeadEmail | None = None
    telefone: Phone | None = None
    telefone_final: PhoneEnd | None = None
    email_inicio: EmailStart | None = None


class LeadSearch(SearchFilters, Paging):
    """Os filtros da lista e, além deles, os dados pessoais que não vão em URLs. E-mails e telefones
    são procurados entre todos os contatos dos leads."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"telefone": "(11) 98765-4321"},
                {"telefone_final": "4321"},
                {"email_inicio": "lead@"},
            ]
        }
    )

    total: Annotated[bool, doc("true conta todos os que combinam.", True, strict=True)] = False


class DuplicateQuery(Wire):
    permitir_duplicado: Annotated[
        Flag, doc("1 aceita um lead cujos dados já são de outro; só do gestor.", "0")
    ] = "0"


# What of a query narrows nothing: how much of which list, in which order.
NO_FILTERS = frozenset({"ordenar", "limite", "cursor", "total", "excluidos"})
