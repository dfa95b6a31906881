"""Fixtures of the embedded PostgreSQL's tests."""

from tests.support.servers import base, cold, server

__all__ = ["base", "cold", "server"]
