"""Converters of the parameters of a path."""

from werkzeug.routing import BaseConverter

from controllers.schemas.fields import MAX_ID


class IdConverter(BaseConverter):
    """An id. Any other text does not match the route, so it is answered like a missing row."""

    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        # If a number beyond bigint were refused here, some methods would answer 405.
        return min(int(value), MAX_ID)
