"""Files of leads: kept, looked at, run, and what became of their lines."""
