"""Whole tables out of a database and into another one, for backups."""
