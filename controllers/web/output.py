"""Replies in the shape that their schema states: an output model is an allow-list of attributes."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel


def shaped(model: type[BaseModel], source: object) -> dict[str, Any]:
    """The fields of `model` as `source` (an entity or a dataclass) has them."""
    return {name: getattr(source, name) for name in model.model_fields}


def listed(model: type[BaseModel], sources: Iterable[object]) -> dict[str, Any]:
    """A list that comes whole, with no next page."""
    return {"itens": [shaped(model, source) for source in sources], "proximo": None}
