"""Serving another application than the product's, in the way in which the product is served."""

from commands import serve
from commands.database import require_database
from config import Settings


def serve_instead(target: str) -> None:
    """As `commands.serve --migrate` does, with this factory of an application for the plain one."""
    settings = Settings.from_env()
    assert settings.database_url is not None
    require_database(settings.database_url, migrate=True, ordinary_role=False)
    serve._prepare_workers()
    server = serve._server(settings)
    server.target = target
    server.serve()
