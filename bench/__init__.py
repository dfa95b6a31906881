"""Measures what the documentation promises; see `bench/__main__.py`."""
