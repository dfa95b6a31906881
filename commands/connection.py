"""How a process is connected to its database: the API's, a command's and a worker's alike."""

from flask import Flask

from commands.embedded import join_embedded
from config import Settings, use_utc_sessions
from models.db import db
from models.db.access.fitness import UnfitDatabase, refuse_unfit
from models.db.access.inspection import Unreachable, inspect
from models.db.access.roles import refuse_on_connect
from models.db.engines import OWNER_ADDRESS, PRODUCTION, READ_BIND, read_bind, write_options


def connect(app: Flask, settings: Settings, *, threads: int) -> None:
    """Give the application its pools, of so many connections each. Without a DATABASE_URL it joins
    the embedded PostgreSQL. Ends a process of production whose database is unfit."""
    use_utc_sessions()
    app.config.update(_configuration(settings, threads))
    db.init_app(app)
    if settings.production:
        _refuse_unfit_database(app)
    _watch_connections(app, ordinary_role=settings.production)


def _configuration(settings: Settings, threads: int) -> dict[str, object]:
    """Without a SECRET_KEY of Flask's: it would make a signer for its cookies at each request, and
    there are none."""
    url, owner = settings.addresses or join_embedded(settings)
    return {
        OWNER_ADDRESS: owner,
        PRODUCTION: settings.production,
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": write_options(url, threads),
        "SQLALCHEMY_BINDS": {READ_BIND: read_bind(url, threads)},
    }


def _refuse_unfit_database(app: Flask) -> None:
    """Ends the process; a database that is away is asked when it lets a connection in."""
    try:
        url, owned_apart = app.config["SQLALCHEMY_DATABASE_URI"], bool(app.config[OWNER_ADDRESS])
        inspect(url, ordinary_role=True, owns_nothing=owned_apart)
    except Unreachable:
        return
    except UnfitDatabase as error:
        raise SystemExit(str(error)) from error


def _watch_connections(app: Flask, *, ordinary_role: bool) -> None:
    with app.app_context():
        for engine in db.engines.values():
            refuse_unfit(engine)
            if ordinary_role:
                refuse_on_connect(engine, owns_nothing=bool(app.config[OWNER_ADDRESS]))
