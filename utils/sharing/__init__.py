"""How callers share what a process has few of."""
