"""Rooms behind the doors of accounts: passwords, tokens, quotas, the role of a gestor."""
