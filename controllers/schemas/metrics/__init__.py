"""Figures and goals on the wire."""
