"""Leaf code, one subject per file; it imports no other package of this repository."""
