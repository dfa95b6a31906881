"""What create_app() built for the controllers: settings' products that hold state."""

from dataclasses import dataclass
from typing import cast

from flask import current_app

from controllers.web.rateLimit import RateLimit
from controllers.web.turns import Turns
from services.auth.passwordRules import PasswordRules
from services.auth.throttle import Throttle
from services.auth.tokens import Tokens

_KEY = "finlead"


@dataclass(frozen=True, slots=True)
class Toolbox:
    tokens: Tokens
    throttle: Throttle
    passwords: PasswordRules
    turns: Turns
    rate: RateLimit


def install(extensions: dict[str, object], toolbox: Toolbox) -> None:
    extensions[_KEY] = toolbox


def toolbox() -> Toolbox:
    return cast(Toolbox, current_app.extensions[_KEY])
