"""The process's log: one JSON object a line in production, readable lines in development."""
