"""What a route states of itself: who may call it, what it takes, what it replies. It is served by
this statement (operation), and /openapi.json is written from it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from controllers.permissions import Access, Permission
from controllers.schemas.jobSchema import JobOutput
from controllers.web.requests.input import MAX_JSON
from models.db import WRITE_TIMEOUT
from services.errors import Code

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_PATH_PARAMETER = re.compile(r"<(?:[a-z]+(?:\([^)]*\))?:)?([a-z_]+)>")


@dataclass(frozen=True, slots=True)
class Tag:
    """A group of operations: an ASCII name for programs, a title and a sentence for people."""

    name: str
    title: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One operation as its users see it. `errors` are refusals beyond those its shape implies."""

    method: str
    rule: str
    permission: Permission
    summary: str
    tag: Tag
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    output: type[BaseModel] | None = None
    status: int = 200
    message: str = "OK"
    # Other statuses of success, each with its message.
    also: Mapping[int, str] = field(default_factory=dict)
    # What a 202 shows.
    queued: type[BaseModel] = JobOutput
    # Successful replies that are no JSON, by media type.
    files: Mapping[str, type[BaseModel]] = field(default_factory=dict)
    errors: Sequence[Code] = ()
    # Request bodies that are no JSON, by media type.
    media: Mapping[str, type[BaseModel]] = field(default_factory=dict)
    max_body: int = MAX_JSON
    # Whether half a body could be taken for a whole one, so that its length must be announced.
    sized: bool = False
    # Whether only one call of it runs at a time; see turns.
    in_turn: bool = False
    idempotent: bool = False
    # Whether `Prefer: respond-async` makes a job of it.
    deferrable: bool = False
    # Whether the reply carries an ETag, and whether the request may name one in If-Match.
    etag: bool = False
    versioned: bool = False
    transactional: bool = True
    # Whether a read records that it was asked for. Its view returns what makes the reply, which is
    # called once the record is committed.
    records: bool = False
    # Whether nothing of an unsafe call is seen outside its transaction, so that it may be begun for
    # a caller as they were known, and again for what they are now, or when others held a lock for
    # too long. Reads always may.
    recalls: bool = False
    statement_timeout: int = WRITE_TIMEOUT
    # What can be done next: endpoint → its path parameter that is this reply's `id`.
    links: Mapping[str, str] = field(default_factory=dict)
    endpoint: str = ""
    description: str = field(default="")

    @property
    def access(self) -> Access:
        return self.permission.access

    @property
    def in_transaction(self) -> bool:
        """Whether its view is called inside the transaction of the request."""
        return self.records or (self.method in UNSAFE and self.transactional)

    @property
    def body_is_optional(self) -> bool:
        """A POST that demands nothing may come without a body."""
        if self.body is None or self.method != "POST":
            return False
        return not any(field.is_required() for field in self.body.model_fields.values())

    @property
    def path(self) -> str:
        """The rule as OpenAPI writes it: /leads/{lead_id}."""
        return path_of(self.rule)

    @property
    def path_parameters(self) -> list[str]:
        return _PATH_PARAMETER.findall(self.rule)


def path_of(rule: str) -> str:
    """A rule as OpenAPI writes it."""
    return _PATH_PARAMETER.sub(r"{\1}", rule)


def view_name(endpoint: str) -> str:
    """The name of an endpoint's view, and of its operation: generators make a method of it."""
    return endpoint.rpartition(".")[2]
