"""The Postman collection, run by newman as a person runs it."""

import shutil
import subprocess
from pathlib import Path

from config import ROOT

_POSTMAN = ROOT / "postman"
_MISSING = (
    "make e2e precisa do newman, que roda a coleção do Postman. Com Node.js, instale-o com\n"
    "  npm install -g newman\n"
    "ou só nesta pasta com\n"
    "  npm install --prefix . --no-save newman"
)


def find_newman() -> Path:
    """This folder's newman, else the machine's. Ends the process when there is none."""
    local = str(ROOT / "node_modules" / ".bin")
    found = shutil.which("newman", path=local) or shutil.which("newman")
    if found is None:
        raise SystemExit(_MISSING)
    return Path(found)


def run_collection(newman: Path, address: str) -> int:
    """newman's exit code: 0 when every assertion held."""
    command = [str(newman), "run", str(_POSTMAN / "finlead.postman_collection.json")]
    command += ["--environment", str(_POSTMAN / "finlead.postman_environment.json")]
    command += ["--env-var", f"base_url={address}", "--color", "off"]
    return subprocess.run(command, cwd=ROOT).returncode
