"""What must hold whoever is first; see `bench/races/__main__.py`."""
