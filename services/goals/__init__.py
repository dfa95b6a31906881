"""Rooms behind goalService: the goals that are kept, what may be one, and how far it has come."""
