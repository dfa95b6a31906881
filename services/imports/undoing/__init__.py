"""Undoing an import: what it has made goes, what it has changed is as before, unless somebody has
come in between."""
