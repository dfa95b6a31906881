"""The application as it is served, without the texts and contacts that follow from a lead.

What a create costs beyond it is what these two tables cost. It exists only in the bench.
"""

from flask import Flask

import app
from bench.serving import serve_instead
from services.leads import contacts
from services.leads.deriving import derive, search

_LEFT_OUT = {contacts.fresh, search.fresh}


def create_server() -> Flask:
    derive.DERIVED = tuple(each for each in derive.DERIVED if each.fresh not in _LEFT_OUT)
    return app.create_server()


if __name__ == "__main__":
    serve_instead(f"{__package__}.bare:create_server")
