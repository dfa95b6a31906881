"""What can go wrong, named for what happened. Rendered in one place (controllers/errorHandlers).

`Code` is the machine contract: every `codigo` that a reply can carry, for the whole reply or for
one field of it. Messages are for people and may change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    # Replies
    REQUISICAO_INVALIDA = "REQUISICAO_INVALIDA"
    JSON_MALFORMADO = "JSON_MALFORMADO"
    CODIGO_INVALIDO = "CODIGO_INVALIDO"
    CURSOR_INVALIDO = "CURSOR_INVALIDO"
    NAO_AUTENTICADO = "NAO_AUTENTICADO"
    CREDENCIAIS_INVALIDAS = "CREDENCIAIS_INVALIDAS"
    TOKEN_INVALIDO = "TOKEN_INVALIDO"  # noqa: S105
    PROIBIDO = "PROIBIDO"
    NAO_ENCONTRADO = "NAO_ENCONTRADO"
    METODO_NAO_PERMITIDO = "METODO_NAO_PERMITIDO"
    CONFLITO = "CONFLITO"
    EMAIL_JA_CADASTRADO = "EMAIL_JA_CADASTRADO"
    ULTIMO_GESTOR = "ULTIMO_GESTOR"
    LEAD_DUPLICADO = "LEAD_DUPLICADO"
    ID_EXTERNO_DUPLICADO = "ID_EXTERNO_DUPLICADO"
    IMPORTACAO_EM_ANDAMENTO = "IMPORTACAO_EM_ANDAMENTO"
    REQUISICAO_EM_ANDAMENTO = "REQUISICAO_EM_ANDAMENTO"
    VERSAO_DESATUALIZADA = "VERSAO_DESATUALIZADA"
    CORPO_MUITO_GRANDE = "CORPO_MUITO_GRANDE"
    TIPO_NAO_SUPORTADO = "TIPO_NAO_SUPORTADO"
    VALIDACAO = "VALIDACAO"
    CHAVE_REUTILIZADA = "CHAVE_REUTILIZADA"
    SEGREDO_NAO_REPETIDO = "SEGREDO_NAO_REPETIDO"
    ARQUIVO_INVALIDO = "ARQUIVO_INVALIDO"
    MUITAS_REQUISICOES = "MUITAS_REQUISICOES"
    ERRO_INTERNO = "ERRO_INTERNO"
    BANCO_INDISPONIVEL = "BANCO_INDISPONIVEL"
    SERVIDOR_OCUPADO = "SERVIDOR_OCUPADO"
    # Fields and lines
    OBRIGATORIO = "OBRIGATORIO"
    CAMPO_DESCONHECIDO = "CAMPO_DESCONHECIDO"
    TIPO_INVALIDO = "TIPO_INVALIDO"
    VALOR_INVALIDO = "VALOR_INVALIDO"
    FORA_DA_FAIXA = "FORA_DA_FAIXA"
    CURTO_DEMAIS = "CURTO_DEMAIS"
    LONGO_DEMAIS = "LONGO_DEMAIS"
    REPETIDO = "REPETIDO"
    TEXTO_INVALIDO = "TEXTO_INVALIDO"
    EMAIL_INVALIDO = "EMAIL_INVALIDO"
    TELEFONE_INVALIDO = "TELEFONE_INVALIDO"
    DOCUMENTO_INVALIDO = "DOCUMENTO_INVALIDO"
    DATA_INVALIDA = "DATA_INVALIDA"
    SENHA_CURTA = "SENHA_CURTA"
    SENHA_FRACA = "SENHA_FRACA"
    SENHA_INCORRETA = "SENHA_INCORRETA"
    ETAPA_INEXISTENTE = "ETAPA_INEXISTENTE"
    USUARIO_INEXISTENTE = "USUARIO_INEXISTENTE"
    MOTIVO_OBRIGATORIO = "MOTIVO_OBRIGATORIO"
    DUPLICADO_NO_ARQUIVO = "DUPLICADO_NO_ARQUIVO"
    IDENTIDADE_DIVERGENTE = "IDENTIDADE_DIVERGENTE"
    LEAD_FECHADO = "LEAD_FECHADO"
    SEM_MUDANCA = "SEM_MUDANCA"
    COLUNAS_DEMAIS = "COLUNAS_DEMAIS"


@dataclass(frozen=True, slots=True)
class FieldError:
    campo: str
    codigo: Code
    mensagem: str


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
    message = "O corpo não é um JSON válido."


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
    message = "E-mail ou senha incorretos."


class Forbidden(AppError):
    status = 403
    code = Code.PROIBIDO
    message = "Seu perfil não permite esta operação."


class NotFound(AppError):
    """Missing, another person's, or another equipe's: the three cannot be told apart."""

    status = 404
    code = Code.NAO_ENCONTRADO
    message = "Recurso não encontrado."


class Conflict(AppError):
    status = 409
    code = Code.CONFLITO
    message = "A operação conflita com o estado atual."


class ImportRunning(Conflict):
    """One import per equipe: a second would only wait for the first."""

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


class TooMany(AppError):
    status = 429
    code = Code.MUITAS_REQUISICOES
    message = "Muitas tentativas. Aguarde e tente de novo."


class Busy(AppError):
    """Others were first, and their work takes too long to wait for."""

    status = 503
    code = Code.SERVIDOR_OCUPADO
    message = "O servidor está ocupado com outras importações. Tente de novo em instantes."

    def __init__(self) -> None:
        super().__init__(retry_after=10)


def invalid_field(campo: str, codigo: Code, mensagem: str) -> Invalid:
    """The 422 of a rule about one field."""
    return Invalid(fields=[FieldError(campo, codigo, mensagem)])
