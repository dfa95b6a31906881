"""The programs of Node.js that the run needs; e2e/package.json pins them."""

import os
import subprocess

from config import ROOT

_BIN = ROOT / "e2e" / "node_modules" / ".bin"
_TOOLS = ("newman", "redocly", "spectral", "openapi-typescript", "tsc", "playwright-core")
# Redocly asks for its newest version and tells of its use otherwise.
_QUIET = {"REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "REDOCLY_TELEMETRY": "off"}
_MISSING = (
    "make e2e precisa de programas de Node.js ({missing}). Com o Node.js 20 ou mais novo,\n"
    "instale-os na pasta e2e com\n"
    "  npm install --prefix e2e --no-package-lock --ignore-scripts"
)


def require_tools() -> None:
    """Ends the process where one is missing."""
    if missing := [name for name in _TOOLS if not (_BIN / name).exists()]:
        raise SystemExit(_MISSING.format(missing=", ".join(missing)))


def run(name: str, *arguments: str) -> int:
    """The program's exit code; it works in this repository's folder."""
    environment = {**os.environ, **_QUIET}
    return subprocess.run([str(_BIN / name), *arguments], cwd=ROOT, env=environment).returncode
