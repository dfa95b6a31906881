"""The objects with state that create_app() builds from the settings for the controllers."""

from dataclasses import dataclass
from typing import cast

from flask import current_app

from controllers.web.rateLimit import RateLimit
from controllers.web.requests.turns import Turns
from services.auth.identity import Identities
from services.auth.passwordRules import PasswordRules
from services.auth.throttle import Throttle
from services.auth.tokens import Tokens

_KEY = "finlead"


@dataclass(frozen=True, slots=True)
class Toolbox:
    tokens: Tokens
    identities: Identities
    throttle: Throttle
    passwords: PasswordRules
    turns: Turns
    rate: RateLimit


def install(extensions: dict[str, object], toolbox: Toolbox) -> None:
    extensions[_KEY] = toolbox


def toolbox() -> Toolbox:
    return cast(Toolbox, current_app.extensions[_KEY])
