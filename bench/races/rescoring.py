"""Where the race `scores` meets the product: how all leads of a tenant are scored again."""

from collections.abc import Callable

from app import create_server
from bench.errors import BenchFailed
from bench.site import Site
from commands.scores import rescore as rescore_tenant
from config import Settings


def rescorer(site: Site) -> Callable[[int], None]:
    """Called in this process, beside the served application, on the same database."""
    settings = Settings(database_url=site.database.url, secret_key="signs nothing")
    application = create_server(settings)

    def rescore(equipe_id: int) -> None:
        with application.app_context():
            if rescore_tenant([equipe_id]):
                raise BenchFailed("the job that scores all leads again has failed")

    return rescore
