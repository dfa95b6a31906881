"""Replies as contract and schema state them: an output model is an allow-list of attributes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Response, g, request, stream_with_context
from pydantic import BaseModel

from controllers.schemas.jobSchema import JobOutput
from models.job import Job
from utils.response import success


def done(
    data: Any = None,
    headers: Mapping[str, str] | None = None,
    *,
    message: str | None = None,
    status: int | None = None,
) -> Response:
    """The reply that the route's contract promises: its status, or another one (`also`), and,
    unless told, its message."""
    contract = g.contract
    other = status is not None and status != contract.status
    promised = contract.also[status] if other else contract.message
    return success(data, message or promised, status or contract.status, headers)


def queued(job: Job) -> Response:
    """The reply to what is done later: 202 with the job, and where to look after it."""
    return done(JobOutput.of(job), {"Location": f"/jobs/{job.id}"}, status=202)


def downloaded(parts: Iterator[bytes], media: str, name: str) -> Response:
    """A file, which its reader keeps under a name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(stream_with_context(parts), mimetype=media, headers=headers)


def unless_known(data: Any, headers: Mapping[str, str]) -> Response:
    """The reply, or 304 where the caller already has what this ETag stands for."""
    return unchanged(headers) if is_known(headers["ETag"]) else done(data, headers)


def is_known(etag: str) -> bool:
    """Whether the caller says that they have what this ETag stands for."""
    asked = "HTTP_IF_NONE_MATCH" in request.environ
    return asked and request.if_none_match.contains_weak(etag.strip('"'))


def private(etag: str, data: Any | None) -> Response:
    """A reply that only the caller's own client may keep, who has to ask whether it is still so;
    without `data`, that it is."""
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    return unchanged(headers) if data is None else done(data, headers)


def unchanged(headers: Mapping[str, str]) -> Response:
    return Response(status=304, headers=dict(headers))


def shaped(model: type[BaseModel], source: object) -> dict[str, Any]:
    """The fields of `model` as `source` (an entity or a dataclass) has them."""
    return {name: getattr(source, name) for name in model.model_fields}


def listed(model: type[BaseModel], sources: Iterable[object]) -> dict[str, Any]:
    """A list that comes whole, with no next page."""
    return {"itens": [shaped(model, source) for source in sources], "proximo": None}
