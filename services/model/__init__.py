"""Rooms behind modelService: what is learned from closed leads, and how good it is."""
