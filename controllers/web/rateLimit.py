"""The general limit: so many requests per credential, counted in each worker by itself.

The headers are those of the IETF draft "RateLimit header fields for HTTP".
"""

import hashlib
import time
from math import ceil
from threading import Lock

from flask import g
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from services.errors import TooMany


class RateLimit:
    """`quota` such as `100/second`; an amount of 0 means no limit."""

    def __init__(self, quota: str) -> None:
        self._quota: RateLimitItem = parse(quota)
        self._windows = FixedWindowRateLimiter(MemoryStorage())
        # Two threads at once would start the storage's one timer twice, which raises.
        self._guard = Lock()
        self._policy = f'"api";q={self._quota.amount};w={self._quota.get_expiry()}'

    def count(self, credential: str) -> None:
        """Count a request, and note the headers that tell what is left. Raises TooMany."""
        if not self._quota.amount:
            return
        whose = hashlib.blake2b(credential.encode(), digest_size=16).hexdigest()
        with self._guard:
            taken = self._windows.hit(self._quota, whose)
            reset, remaining = self._windows.get_window_stats(self._quota, whose)
        seconds = max(1, ceil(reset - time.time()))
        g.rate_headers = [
            ("RateLimit-Policy", self._policy),
            ("RateLimit", f'"api";r={remaining};t={seconds}'),
        ]
        if not taken:
            message = "Muitas requisições com esta credencial. Aguarde e tente de novo."
            raise TooMany(message, retry_after=seconds)
