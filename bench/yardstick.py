"""The application as it is served, plus one operation that answers nothing.

An authenticated empty reply is the cheapest reply to a known caller: what a list costs beyond it is
the list itself. The operation uses the same blueprint as every product route, and exists only in
the bench.
"""

from flask import Flask, Response

import app
from bench.serving import serve_instead
from controllers.permissions import PERMISSIONS, Access, Permission, Sees
from controllers.web.operation import ApiBlueprint
from controllers.web.replies.output import done

PATH = "/bench/empty"
PERMISSIONS[f"GET {PATH}"] = Permission(Access.ANY_ROLE, Sees.NOTHING)
_yardstick = ApiBlueprint("yardstick", "Bench", "Uma resposta sem conteúdo.")


@_yardstick.operation("GET", PATH, summary="Nothing")
def empty() -> Response:
    return done()


def create_server() -> Flask:
    application = app.create_server()
    application.register_blueprint(_yardstick)
    return application


if __name__ == "__main__":
    serve_instead(f"{__package__}.yardstick:create_server")
