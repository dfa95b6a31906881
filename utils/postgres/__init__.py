"""The embedded PostgreSQL: its binaries, its process, its databases, and where migrations stand."""
