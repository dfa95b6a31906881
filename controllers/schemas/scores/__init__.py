"""Scores on the wire: rules, the model, reviews."""
