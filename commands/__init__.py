"""The terminal's entry points, siblings of the controllers."""

import utils.oldest_python  # noqa: F401 - an older Python cannot read what follows
