"""Writes docs/endpoints.md and the Postman collection from the contracts and the journey."""

from app import VERSION, contracts
from config import ROOT
from controllers.web.openapi import document
from generate.collection import collection
from generate.endpoints import endpoints


def generated() -> dict[str, str]:
    """Path in this repository → what the file is to hold."""
    described = document(contracts(), version=VERSION)
    return {
        "docs/endpoints.md": endpoints(described),
        "postman/finlead.postman_collection.json": collection(described),
    }


if __name__ == "__main__":
    for name, text in generated().items():
        (ROOT / name).write_text(text, "utf-8")
        print(name)
