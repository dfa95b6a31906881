"""`python -m e2e.panel [--pictures]`: the page alone, on a server of its own."""

import sys

from e2e.panel.check import check_panel
from e2e.server import running_server

if __name__ == "__main__":
    with running_server() as address:
        code = check_panel(address, pictures="--pictures" in sys.argv[1:])
    sys.exit(code)
