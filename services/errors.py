"""What can go wrong, named for what happened. controllers/web/replies renders all of it.

Programs read `Code`; messages are for people and may change.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from services.codes import Code as Code
from utils.text import fold

# What requests, mappings and rules say of a field alike.
MISSING = (Code.OBRIGATORIO, "Campo obrigatório.")
UNKNOWN_FIELD = (Code.CAMPO_DESCONHECIDO, "Este campo não existe aqui.")
NO_TEXT = (Code.TIPO_INVALIDO, "Deve ser um texto.")
NO_OBJECT = (Code.TIPO_INVALIDO, "Deve ser um objeto.")
# Of one reply; a request may break more rules than anybody reads.
MAX_FIELD_ERRORS = 50
MAX_OPTIONS = 30


# What is counted in messages, and one of it.
_ONE = {
    "caracteres": "caractere",
    "chaves": "chave",
    "contatos": "contato",
    "etiquetas": "etiqueta",
    "itens": "item",
    "níveis": "nível",
}


def at_most(limit: int, of: str = "caracteres") -> str:
    """The message for more characters, items or the like than there may be."""
    return f"O máximo é de {limit} {_ONE[of] if limit == 1 else of}."


def at_least(limit: int, of: str = "caracteres") -> str:
    """The same for fewer."""
    return f"O mínimo é de {limit} {_ONE[of] if limit == 1 else of}."


@dataclass(frozen=True, slots=True)
class FieldError:
    """`opcoes`: the values that would be accepted, where they are few; `parecido`: the nearest."""

    campo: str
    codigo: Code
    mensagem: str
    opcoes: tuple[str | int, ...] = ()
    parecido: str | int | None = None

    def among(self, said: str, options: Iterable[str | int]) -> "FieldError":
        """The same with at most MAX_OPTIONS of the options, and the nearest one to `said`."""
        offered = list(options)
        folded = {fold(str(option)): option for option in reversed(offered)}
        nearest = get_close_matches(fold(said), folded, n=1)
        return replace(
            self,
            opcoes=tuple(offered[:MAX_OPTIONS]),
            parecido=folded[nearest[0]] if nearest else None,
        )

    def shown(self) -> dict[str, Any]:
        """As a reply shows it."""
        shown: dict[str, Any] = {
            "campo": self.campo,
            "codigo": self.codigo,
            "mensagem": self.mensagem,
        }
        offered = {"opcoes": self.opcoes, "parecido": self.parecido} if self.opcoes else {}
        return shown | offered


class AppError(Exception):
    """An expected refusal. `data` adds keys to the reply's data (ids of duplicates, say)."""

    status = 400
    code = Code.REQUISICAO_INVALIDA
    message = "Requisição inválida."
    keep_writes = False  # asked by models.db.transactions

    def __init__(
        self,
        message: str | None = None,
        *,
        fields: Sequence[FieldError] = (),
        data: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message or self.message)
        self.message = message or self.message
        self.fields = tuple(fields)
        self.data = dict(data or {})
        self.retry_after = retry_after


class BadRequest(AppError):
    pass


class MalformedJsonBody(BadRequest):
    code = Code.JSON_MALFORMADO
    message = Code.JSON_MALFORMADO.about


class InvalidCursorGiven(BadRequest):
    code = Code.CURSOR_INVALIDO
    message = "Cursor inválido para estes filtros e esta ordem."


class Unauthenticated(AppError):
    status = 401
    code = Code.NAO_AUTENTICADO
    message = "Autenticação necessária."


class InvalidToken(Unauthenticated):
    code = Code.TOKEN_INVALIDO
    message = "Token inválido ou expirado."


class WrongCredentials(Unauthenticated):
    code = Code.CREDENCIAIS_INVALIDAS
    message = Code.CREDENCIAIS_INVALIDAS.about


class Forbidden(AppError):
    status = 403
    code = Code.PROIBIDO
    message = "Seu perfil não permite esta operação."


class NotFound(AppError):
    """Missing, another user's, or another tenant's: the three get the same reply."""

    status = 404
    code = Code.NAO_ENCONTRADO
    message = "Recurso não encontrado."


class Conflict(AppError):
    status = 409
    code = Code.CONFLITO
    message = Code.CONFLITO.about


class ImportRunning(Conflict):
    """One import per tenant: a second would only wait for the first."""

    code = Code.IMPORTACAO_EM_ANDAMENTO
    message = "Outra importação da equipe está em andamento. Tente de novo quando terminar."

    def __init__(self) -> None:
        super().__init__(retry_after=5)


class LengthRequired(AppError):
    status = 411
    message = "Informe o Content-Length: sem ele não se sabe se o corpo chegou inteiro."


class StaleVersion(AppError):
    status = 412
    code = Code.VERSAO_DESATUALIZADA
    message = "O registro mudou desde a sua leitura. Leia de novo e repita."


class PayloadTooLarge(AppError):
    status = 413
    code = Code.CORPO_MUITO_GRANDE
    message = "O corpo da requisição é grande demais."


class UnsupportedType(AppError):
    status = 415
    code = Code.TIPO_NAO_SUPORTADO
    message = "Content-Type não suportado."


class Invalid(AppError):
    status = 422
    code = Code.VALIDACAO
    message = "Há campos inválidos."


class FilterNeeded(AppError):
    """A list would have to read too many leads. `lacking`: the filter that would help."""

    status = 422
    code = Code.FILTRO_NECESSARIO
    message = Code.FILTRO_NECESSARIO.about
    lacking = FieldError(
        "criado_de", code, "Acrescente este filtro, ou outro que deixe a lista menor."
    )

    def __init__(self, lacking: FieldError = lacking) -> None:
        super().__init__(fields=[lacking])


class TooMany(AppError):
    status = 429
    code = Code.MUITAS_REQUISICOES
    message = "Muitas tentativas. Aguarde e tente de novo."


class Busy(AppError):
    """Earlier imports or exports take too long to wait for."""

    status = 503
    code = Code.SERVIDOR_OCUPADO
    message = (
        "O servidor está ocupado com outras importações ou exportações. Tente de novo em instantes."
    )

    def __init__(self) -> None:
        super().__init__(retry_after=10)


def invalid_field(campo: str, codigo: Code, mensagem: str) -> Invalid:
    """The 422 of a rule about one field."""
    return Invalid(fields=[FieldError(campo, codigo, mensagem)])
