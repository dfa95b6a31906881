"""The Postman collection, run by newman as a person runs it."""

from e2e.node import run


def run_collection(address: str) -> int:
    """newman's exit code: 0 when every assertion held."""
    return run(
        "newman",
        "run",
        "postman/finlead.postman_collection.json",
        *("--folder", "Jornada"),
        *("--environment", "postman/finlead.postman_environment.json"),
        *("--env-var", f"base_url={address}", "--color", "off"),
    )
