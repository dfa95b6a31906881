"""Leaf code, one subject a file; imports nothing of ours but itself."""
