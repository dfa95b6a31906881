"""Fixtures of the embedded PostgreSQL's tests."""

from tests.utils.servers import base, cold, server

__all__ = ["base", "cold", "server"]
