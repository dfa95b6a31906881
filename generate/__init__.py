"""`python -m generate`: files that are written from the contracts and not edited by hand."""

from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]


def tagged(document: Document) -> Iterator[tuple[dict[str, str], list[tuple[str, str, Any]]]]:
    """Every tag with its operations: method, path, operation."""
    for tag in document["tags"]:
        yield (
            tag,
            [
                (method.upper(), path, operation)
                for path, methods in document["paths"].items()
                for method, operation in methods.items()
                if tag["name"] in operation["tags"]
            ],
        )
