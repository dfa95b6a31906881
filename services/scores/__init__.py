"""Rooms behind scoreService: the rules and the statement that applies them."""
