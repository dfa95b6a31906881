"""`python -m e2e.panel [--pictures] [--only "A;B"]`: the page alone, on a server of its own."""

from argparse import ArgumentParser

from e2e.panel.check import check_panel
from e2e.server import running_server

if __name__ == "__main__":
    parser = ArgumentParser()
    parser.add_argument("--pictures", action="store_true")
    parser.add_argument("--only")
    asked = parser.parse_args()
    with running_server(demo=asked.pictures) as address:
        code = check_panel(address, pictures=asked.pictures, only=asked.only)
    raise SystemExit(code)
