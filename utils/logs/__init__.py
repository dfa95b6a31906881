"""The process's log: one JSON object per line in production, readable lines in development."""
