"""An equipe's settings of its queue: what it has said, over what counts for all."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from models.team_settings import QUEUE_DEFAULTS

Settings = dict[str, Any]
_WAITS = "esperas_h"


def complete(kept: Mapping[str, Any]) -> Settings:
    """What is kept, and the defaults of what came later."""
    waits = {**QUEUE_DEFAULTS[_WAITS], **kept.get(_WAITS, {})}
    return {**deepcopy(QUEUE_DEFAULTS), **kept, _WAITS: waits}


def changed(kept: Mapping[str, Any], patch: Mapping[str, Any]) -> Settings:
    """The settings with these keys replaced, the waits one result at a time; what is null goes back
    to its default."""
    old = complete(kept)
    new = old | _laid(patch, QUEUE_DEFAULTS)
    if patch.get(_WAITS) is not None:
        new[_WAITS] = old[_WAITS] | _laid(patch[_WAITS], QUEUE_DEFAULTS[_WAITS])
    return new


def _laid(patch: Mapping[str, Any], defaults: Mapping[str, Any]) -> Settings:
    return {
        name: deepcopy(defaults[name]) if value is None else value for name, value in patch.items()
    }
