"""Scores on the wire: what they come from, and what people say of them."""
