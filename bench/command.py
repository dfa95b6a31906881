"""What the commands beside `python -m bench` share: how they are called, and how they end."""

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.errors import BenchFailed


def parser(name: str, about: str | None) -> argparse.ArgumentParser:
    """Of `python -m bench.NAME`."""
    return argparse.ArgumentParser(
        prog=f"python -m bench.{name}",
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


@contextmanager
def ending(name: str) -> Iterator[None]:
    """Whatever ends the block, what it opened is closed. Exit code 2: there are no figures; 130 and
    143: somebody ended it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        yield
    except BenchFailed as error:
        print(f"python -m bench.{name}: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
