"""Routes that state their contract, and the order in which every one of them is served.

admit → parse query and body → transaction (unsafe methods) → idempotency → view. The same
statement of the contract is what /openapi.json is written from.
"""

from collections.abc import Callable
from contextlib import nullcontext, suppress
from functools import wraps
from inspect import cleandoc
from time import monotonic
from typing import Any, cast

from flask import Blueprint, Response, g, request
from sqlalchemy.exc import DBAPIError

from controllers.permissions import PERMISSIONS
from controllers.web.contract import UNSAFE, Contract, Tag, path_of
from controllers.web.guards import admitted, credential
from controllers.web.requests import input
from controllers.web.toolbox import toolbox
from models.db import enter_tenant, transaction
from models.db.errors import is_locked_out, is_worth_repeating
from models.db.messages.proofs import Unproven
from models.db.statements import prove
from services import idempotencyService, userService
from services.idempotencyService import Reply
from utils.response import JSON_TYPE
from utils.sharing.slots import give_way

# Seconds after which a request that others lock out is tried no more (decision 57).
PATIENCE = 8.0

# It returns a Response, or what makes one (Contract.records).
View = Callable[..., Any]


class ApiBlueprint(Blueprint):
    """A blueprint whose routes cannot be declared without access, summary and reply."""

    def __init__(self, name: str, title: str, about: str) -> None:
        super().__init__(name, __name__)
        self.tag = Tag(name, title, about)
        self.contracts: list[Contract] = []

    def operation(
        self, method: str, rule: str, *, summary: str, **rest: Any
    ) -> Callable[[View], View]:
        """Declare a route; one that the table of permissions does not name is a KeyError."""
        permission = PERMISSIONS[f"{method} {path_of(rule)}"]

        def declare(view: View) -> View:
            contract = Contract(
                method=method,
                rule=rule,
                permission=permission,
                summary=summary,
                tag=self.tag,
                endpoint=f"{self.name}.{view.__name__}",
                description=cleandoc(view.__doc__ or ""),
                **rest,
            )
            self.contracts.append(contract)
            self.add_url_rule(
                rule, view.__name__, _served(contract, view), methods=[method], strict_slashes=False
            )
            return view

        return declare


def show_lead(lead_id: int) -> None:
    """Note that this reply shows a lead, so that the copy for retries is deleted with the lead."""
    g.shown_lead = lead_id


def keep_reply_secret() -> None:
    """Note that this reply shows a secret, which is kept as a hash only: a retry gets an error."""
    g.secret_reply = True


def _served(contract: Contract, view: View) -> View:
    """The view, called after its guard with parsed inputs, inside its transaction."""

    @wraps(view)
    def serve(**path: Any) -> Response:
        g.contract = contract
        request.max_content_length = contract.max_body
        return _patiently(contract, view, path, credential(contract.permission))

    return serve


def _patiently(contract: Contract, view: View, path: dict[str, Any], token: str | None) -> Response:
    """Again, from the caller on, while others hold what it needs, as a batch of an import does for
    about half a second, and longer where the machine is busy. Other equipes do not wait for that:
    between two tries the slot is theirs."""
    until = monotonic() + PATIENCE
    while True:
        try:
            return _admitted(contract, view, path, token)
        except DBAPIError as error:
            again = contract.recalls and is_locked_out(error) and monotonic() < until
            if not again:
                raise
        give_way()


def _admitted(contract: Contract, view: View, path: dict[str, Any], token: str | None) -> Response:
    if contract.recalls or contract.method not in UNSAFE:
        with suppress(Unproven), admitted(contract.permission, token, recalls=True):
            return _begun(contract, view, path)
    with admitted(contract.permission, token, recalls=False):
        return _begun(contract, view, path)


def _begun(contract: Contract, view: View, path: dict[str, Any]) -> Response:
    arguments = path | _query(contract)
    if contract.sized and not input.has_no_body():
        input.require_length()
    with toolbox().turns.taken(g.caller) if contract.in_turn else nullcontext():
        arguments |= _body(contract)
        if not contract.in_transaction:
            return cast(Response, view(**arguments))
        reply = _in_transaction(contract, view, arguments)
        return cast(Response, reply() if contract.records else reply)


def _in_transaction(contract: Contract, view: View, arguments: dict[str, Any]) -> Any:
    """Once more if nothing was carried out: its connection had died before its first statement, or
    the server did not know what was prepared."""
    try:
        return _transact(contract, view, arguments, prepares=True)
    except DBAPIError as error:
        if not is_worth_repeating(error):
            raise
    return _transact(contract, view, arguments, prepares=False)


def _transact(contract: Contract, view: View, arguments: dict[str, Any], *, prepares: bool) -> Any:
    with transaction(contract.statement_timeout, prepares=prepares):
        if g.caller is not None:
            enter_tenant(g.caller.equipe_id)
        keyed = contract.idempotent and g.caller is not None
        response = _once(contract, view, arguments) if keyed else view(**arguments)
        if contract.permission.held:
            userService.hold_gestor(g.caller)
        prove()  # before it commits
        return response


def _query(contract: Contract) -> dict[str, Any]:
    if contract.query is not None:
        return {"query": input.query(contract.query)}
    input.no_query()
    return {}


def _body(contract: Contract) -> dict[str, Any]:
    if contract.body is None:
        return {}
    if contract.body_is_optional and input.has_no_body():
        return {"body": contract.body()}
    return {"body": input.json_body(contract.body)}


def _once(contract: Contract, view: View, arguments: dict[str, Any]) -> Response:
    """Serve a keyed request once; its retries get the reply that is stored beside the write."""
    key = input.idempotency_key()
    if key is None:
        return cast(Response, view(**arguments))
    mark = idempotencyService.fingerprint(
        toolbox().tokens.fingerprint_key,
        _asked_for(contract),
        g.caller.role.encode(),  # a reply is not repeated for a caller who has lost the role
        request.query_string,
        request.mimetype.encode(),
        input.said(),
    )
    first = idempotencyService.begin(g.caller, key, mark)
    if first is not None:
        return _replayed(first)
    response: Response = view(**arguments)
    location, etag = response.headers.get("Location"), response.headers.get("ETag")
    reply = Reply(response.status_code, response.get_data(), location, etag)
    kept = None if g.get("secret_reply") else reply
    idempotencyService.remember(g.caller, key, mark, kept, lead_id=g.get("shown_lead"))
    return response


def _asked_for(contract: Contract) -> str:
    """The operation, and what it is about: the same body means another thing to another lead."""
    which = sorted((request.view_args or {}).items())
    return " ".join([contract.endpoint, *(f"{name}={value}" for name, value in which)])


def _replayed(reply: Reply) -> Response:
    response = Response(reply.body, status=reply.status, mimetype=JSON_TYPE)
    if reply.location:
        response.headers["Location"] = reply.location
    if reply.etag:
        response.headers["ETag"] = reply.etag
    response.headers["Idempotent-Replayed"] = "true"
    return response
