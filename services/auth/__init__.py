"""Rooms behind the doors of accounts: passwords, tokens, quotas, the power of a gestor."""
