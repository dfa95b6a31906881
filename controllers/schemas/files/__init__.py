"""Imports and exports on the wire."""
