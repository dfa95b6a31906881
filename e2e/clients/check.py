"""The document as other programs read it: two linters, and two generators of clients.

What is generated goes to e2e/generated/, which is ignored and made anew.
"""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable

from config import ROOT
from e2e.node import run

_OURS = "e2e/clients"
_MADE = ROOT / "e2e" / "generated"
_DOCUMENT = str(_MADE / "openapi.json")
_DEMO = str(ROOT / "demo")


def check_clients(address: str) -> dict[str, int]:
    """Check → exit code."""
    shutil.rmtree(_MADE, ignore_errors=True)
    _MADE.mkdir()
    with urllib.request.urlopen(f"{address}/openapi.json", timeout=30) as reply:
        (_MADE / "openapi.json").write_bytes(reply.read())
    checks: dict[str, Callable[[], int]] = {
        "Redocly": lambda: run("redocly", "lint", f"--config={_OURS}/redocly.yaml", _DOCUMENT),
        "Spectral": lambda: run("spectral", "lint", f"--ruleset={_OURS}/spectral.yaml", _DOCUMENT),
        "TypeScript client": lambda: _typescript(address),
        "Python client": lambda: _python(address),
    }
    found = {}
    for name, check in checks.items():
        print(f"\n{name}", flush=True)
        found[name] = check()
    return found


def _typescript(address: str) -> int:
    """Types of every operation, and the tour that uses them: compiled strictly, then run."""
    tour = str(_MADE / "typescript" / "tour.js")
    return (
        run("openapi-typescript", _DOCUMENT, "--output", str(_MADE / "openapi.d.ts"))
        or run("tsc", "--project", "e2e")
        or subprocess.run(["node", tour, address, _DEMO], cwd=ROOT).returncode
    )


def _python(address: str) -> int:
    """A client with every operation, made without a warning, and a script that uses it."""
    package = _MADE / "finlead_client"
    generate = [sys.executable, "-m", "openapi_python_client", "generate", "--path", _DOCUMENT]
    generate += ["--config", str(ROOT / _OURS / "python.yaml"), "--meta", "none"]
    generate += ["--output-path", str(package), "--fail-on-warning"]
    if code := subprocess.run(generate, cwd=ROOT).returncode:
        return code
    missing = _operations() - {path.stem for path in package.glob("api/*/*.py")}
    if missing:
        print(f"Not generated: {', '.join(sorted(missing))}")
        return 1
    use = [sys.executable, f"{_OURS}/tour.py", address, _DEMO]
    environment = {**os.environ, "PYTHONPATH": str(_MADE)}
    return subprocess.run(use, cwd=ROOT, env=environment).returncode


def _operations() -> set[str]:
    paths = json.loads((_MADE / "openapi.json").read_text("utf-8"))["paths"]
    return {
        operation["operationId"] for methods in paths.values() for operation in methods.values()
    }
