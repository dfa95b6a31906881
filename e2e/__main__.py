"""`python -m e2e`: the server as it is served, tried from outside by everything that may call it.

Everything that is started is stopped, on Ctrl-C too; the database is removed.
"""

import signal
import sys
import time

from e2e.clients.check import check_clients
from e2e.fuzzing import run_schemathesis
from e2e.journey import run_collection
from e2e.node import require_tools
from e2e.panel.check import check_panel
from e2e.server import LOG, running_server

# None: there was no browser, which was said.
_WORDS = {0: "ok    ", None: "pulado"}


def main() -> None:
    require_tools()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    try:
        with running_server() as address:
            codes: dict[str, int | None] = {"Postman (newman)": run_collection(address)}
            codes |= check_clients(address)
            print("\nPainel (Chromium)", flush=True)
            codes["Painel (Chromium)"] = check_panel(address)
            codes |= {
                f"Schemathesis, {role}": code for role, code in run_schemathesis(address).items()
            }
    except KeyboardInterrupt:
        sys.exit(130)
    print(f"\nmake e2e, {time.monotonic() - began:.0f} s")
    for name, code in codes.items():
        print(f"  {_WORDS.get(code, 'falhou')} {name}")
    if any(codes.values()):
        sys.exit(f"O que o servidor disse está em {LOG}.")


if __name__ == "__main__":
    main()
