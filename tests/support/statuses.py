"""Every status and code that /openapi.json documents is produced by some test, or the run fails.

tests/support/api.py records what the API answered; the hooks below collect it from the workers of a
run of the whole suite. A run of a part of the suite is not checked.
"""

from typing import Any

import pytest

from app import contracts
from controllers.web.openapi import document

# operationId, status, and the code of a refusal.
_produced: set[tuple[str, int, str]] = set()
_MISSING = pytest.StashKey[list[str]]()


def record(operation_id: str, status: int, code: str) -> None:
    _produced.add((operation_id, status, code))


def documented() -> dict[tuple[str, int, str], str]:
    """Every documented reply, with the operation as people name it."""
    return {
        (operation["operationId"], int(status), code): f"{method.upper()} {path} {status} {code}"
        for path, methods in document(contracts(), version="")["paths"].items()
        for method, operation in methods.items()
        for status, reply in operation["responses"].items()
        for code in codes(reply)
    }


def codes(reply: dict[str, Any]) -> list[str]:
    """The codes that a documented refusal shows; an empty one for a success."""
    examples = reply.get("content", {}).get("application/json", {}).get("examples", {})
    return list(examples) or [""]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """In the controller of a parallel run: what a worker that ends has seen."""
    _produced.update(map(tuple, getattr(node, "workeroutput", {}).get("produced", ())))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["produced"] = sorted(_produced)
    elif exitstatus == pytest.ExitCode.OK and _whole(session.config):
        missing = [name for pair, name in documented().items() if pair not in _produced]
        session.config.stash[_MISSING] = missing
        if missing:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    missing = config.stash.get(_MISSING, [])
    if missing:
        terminalreporter.section("documented, but produced by no test", red=True, bold=True)
        for name in missing:
            terminalreporter.line(name)


def _whole(config: pytest.Config) -> bool:
    asked = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "collectonly")
    return config.args_source is config.ArgsSource.TESTPATHS and not any(
        config.getoption(name, None) for name in asked
    )
