"""What stands between the slashes of a path."""

from werkzeug.routing import BaseConverter

from controllers.schemas.fields import MAX_ID


class IdConverter(BaseConverter):
    """An id. What is none does not match the route at all, so that it reads like a missing one."""

    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        # Refused here, a number beyond bigint would answer 405 on some methods.
        return min(int(value), MAX_ID)
