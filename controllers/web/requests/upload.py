"""What an import brings: the file and its mapping, from either kind of body."""

from collections import Counter

import orjson
from flask import request
from werkzeug.datastructures import FileStorage

from controllers.schemas.files.importSchema import PreviewedImport
from controllers.web.requests.input import has_no_body, json_body, raw_body
from services.errors import (
    MAX_FIELD_ERRORS,
    UNKNOWN_FIELD,
    Code,
    FieldError,
    Invalid,
    PayloadTooLarge,
    UnsupportedType,
    invalid_field,
)
from services.importService import CSV, XLSX, Sent

MAX_FILE = 50 * 1024 * 1024
# Room for the mapping and the boundaries of a multipart body.
MAX_BODY = MAX_FILE + 128 * 1024
_PARTS = ("arquivo", "mapeamento")


def upload(mapeamento: str | None, planilha: str | None = None) -> tuple[Sent, bytes]:
    """The file and the bytes of the mapping's JSON, which may be none.

    `mapeamento` is the query's. Raises UnsupportedType, PayloadTooLarge, Invalid.
    """
    asked = (mapeamento or "").encode()
    if request.mimetype in (CSV, XLSX):
        charset = request.mimetype_params.get("charset")
        return _sent(raw_body(), request.mimetype, charset, planilha), asked
    if request.mimetype != "multipart/form-data":
        raise UnsupportedType(f"Envie o arquivo como {CSV}, {XLSX} ou multipart/form-data.")
    raw_body()  # measured and kept before its parts are read
    request.max_form_memory_size = MAX_BODY
    if errors := _part_errors(asked):
        raise Invalid(fields=errors[:MAX_FIELD_ERRORS])
    file = request.files["arquivo"]
    # What a browser calls a part is not asked: a CSV may be text/plain, or a workbook of its own.
    sent = _sent(_whole(file), CSV, file.mimetype_params.get("charset"), planilha)
    return sent, asked or _mapping_part()


def file_alone(planilha: str | None) -> Sent:
    """The file, where there is no mapping. Raises what upload() does."""
    sent, mapping = upload(None, planilha)
    if mapping:
        raise invalid_field("mapeamento", *UNKNOWN_FIELD)
    return sent


def mapping_alone(mapeamento: str | None) -> bytes | None:
    """The JSON of a mapping for a file that is kept: the query's, or that of a JSON body. Raises
    what json_body() does."""
    asked = None if has_no_body() else json_body(PreviewedImport).mapeamento
    if asked is None:
        return mapeamento.encode() if mapeamento else None
    if mapeamento:
        raise invalid_field("mapeamento", Code.REPETIDO, "Envie o mapeamento uma só vez.")
    return orjson.dumps(asked)


def _sent(raw: bytes, media: str, charset: str | None, planilha: str | None) -> Sent:
    if len(raw) > MAX_FILE:
        raise PayloadTooLarge("O arquivo passa de 50 MB. Divida-o ou use flask leads import.")
    return Sent.whole(raw, media, charset=charset, planilha=planilha)


def _whole(file: FileStorage) -> bytes:
    """From its first byte: a request whose connection had died is served twice."""
    file.seek(0)
    return bytes(file.read())


def _part_errors(asked: bytes) -> list[FieldError]:
    """Errors of the multipart parts. Unknown ones are refused: if a part `dry_run=1` were ignored,
    the import would write."""
    sent = Counter(
        name or "" for parts in (request.files, request.form) for name, _ in parts.items(multi=True)
    )
    sent["mapeamento"] += bool(asked)
    elsewhere = "Esta parte não existe aqui; as opções vão nos parâmetros da URL."
    errors = [
        FieldError(name[:64], Code.CAMPO_DESCONHECIDO, elsewhere)
        for name in sent
        if name not in _PARTS
    ]
    errors += [
        FieldError(name, Code.REPETIDO, "Envie esta parte uma só vez.")
        for name in _PARTS
        if sent[name] > 1
    ]
    if "arquivo" not in request.files:
        missing = "Envie o arquivo na parte arquivo."
        errors.append(FieldError("arquivo", Code.OBRIGATORIO, missing))
    return errors


def _mapping_part() -> bytes:
    """curl and Postman send the mapping as text or as a file of its own."""
    if file := request.files.get("mapeamento"):
        return _whole(file)
    text = request.form.get("mapeamento", "").encode()
    # Werkzeug replaces bytes that are not UTF-8, and the text then differs from what was sent.
    if text not in raw_body():
        broken = "O mapeamento não está em UTF-8."
        raise Invalid(fields=[FieldError("mapeamento", Code.TEXTO_INVALIDO, broken)])
    return text
