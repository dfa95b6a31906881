"""The application: settings, extensions, blueprints, error handlers, commands. No logic."""

import utils.oldest_python  # noqa: F401 - an older Python cannot read what follows

# isort: split
import sys
from functools import cache
from typing import Any

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

import models  # noqa: F401 - registers every table
from commands import backup as backup_commands
from commands import demo as demo_command
from commands import exports as export_commands
from commands import leads as lead_commands
from commands import metrics as metric_commands
from commands import scores as score_commands
from commands import sweeper
from commands import users as user_commands
from commands import worker as job_worker
from commands.connection import connect
from config import ROOT, Settings, wants_colour
from controllers.activityController import activities
from controllers.authController import auth
from controllers.docsController import DOCUMENT, docs
from controllers.files.exportController import exports
from controllers.files.importController import imports
from controllers.files.previewController import previews
from controllers.goalController import goals
from controllers.healthController import health
from controllers.historyController import history
from controllers.integrationController import integrations
from controllers.jobController import jobs
from controllers.keyController import keys
from controllers.leadController import leads
from controllers.metricsController import metrics
from controllers.ownershipController import ownership
from controllers.panelController import panel
from controllers.queueController import queue
from controllers.scores.modelController import model
from controllers.scores.reviewController import reviews
from controllers.scores.scoreController import scores
from controllers.stageController import stages
from controllers.userController import users
from controllers.web import cors, hooks
from controllers.web.application import Application
from controllers.web.openapi import document
from controllers.web.rateLimit import RateLimit
from controllers.web.replies import errorHandlers
from controllers.web.requests.converters import IdConverter
from controllers.web.requests.turns import Turns
from controllers.web.toolbox import Toolbox, install
from models.db import db
from services.auth.identity import Identities
from services.auth.passwordRules import PasswordRules
from services.auth.throttle import Throttle
from services.auth.tokens import Tokens
from utils.logs.setup import configure_logs
from utils.response import success
from utils.sharing.slots import Slots

VERSION = "0.1.0"
_SWITCH = 0.0005  # seconds
API = (
    *(auth, keys, users, stages, leads, ownership, queue, activities, integrations),
    *(scores, model, reviews),
    *(previews, imports, exports, history, jobs, metrics, goals, health),
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application with all its commands, `flask db` among them."""
    # Imported here, so that workers do not hold Alembic and its dependencies in memory.
    from flask_migrate import Migrate

    app = create_server(settings)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    backup_commands.register(app)
    return app


def create_worker() -> Flask:
    """The application that a worker runs, with the thread that sweeps old rows."""
    # A short request comes back from each wait to a thread that parses a file: with Python's own
    # five milliseconds it would wait that long each time.
    sys.setswitchinterval(_SWITCH)
    app = create_server()
    sweeper.start(app)
    return app


def create_server(settings: Settings | None = None) -> Flask:
    """The WSGI application. Without a DATABASE_URL it joins the embedded PostgreSQL."""
    settings = settings or Settings.from_env()
    configure_logs(as_json=settings.production, coloured=wants_colour())
    app = Application(__name__, static_folder=None)
    app.url_map.strict_slashes = app.url_map.merge_slashes = False  # no redirects, all in HTML
    app.url_map.converters["id"] = IdConverter
    connect(app, settings, threads=settings.threads)
    install(app.extensions, _toolbox(settings))
    hooks.register(app, https=settings.production)
    cors.register(app, settings.origins, any_local=not settings.production)
    errorHandlers.register(app)
    for blueprint in (*API, docs, panel):
        app.register_blueprint(blueprint)
    app.cli.add_command(demo_command.demo_command)
    lead_commands.leads.add_command(export_commands.export_command)
    app.cli.add_command(lead_commands.leads)
    app.cli.add_command(metric_commands.metrics)
    app.cli.add_command(score_commands.scores)
    app.cli.add_command(user_commands.users)
    app.cli.add_command(job_worker.worker_command)
    app.extensions[DOCUMENT] = cache(lambda: document(contracts(), version=VERSION))
    app.make_default_options_response = lambda: _options(app)  # type: ignore[method-assign]
    app.wsgi_app = Slots(  # type: ignore[method-assign]
        app.wsgi_app, settings.threads, free=frozenset({"/healthz"})
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )
    return app


def contracts() -> list[Any]:
    """Every operation of the API, in the order of the blueprints."""
    return [contract for blueprint in API for contract in blueprint.contracts]


def _toolbox(settings: Settings) -> Toolbox:
    tokens = Tokens(settings.secret_key, settings.acesso_minutos, settings.sessao_dias)
    return Toolbox(
        tokens=tokens,
        identities=Identities(tokens),
        throttle=Throttle(
            login=settings.limite_login,
            registration=settings.limite_registro,
            sessions=settings.limite_sessoes,
        ),
        passwords=PasswordRules(settings.password_min, refuse_guessable=settings.production),
        turns=Turns(),
        rate=RateLimit(settings.limite_api),
    )


def _options(app: Flask) -> Response:
    """OPTIONS says which methods a resource takes, in the envelope like every reply."""
    response = success(None)
    response.allow.update(Flask.make_default_options_response(app).allow)
    return response


if __name__ == "__main__":
    from commands.serve import main

    main()
