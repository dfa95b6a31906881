"""Who may ask, how often, and what was answered: sessions, keys, quotas, kept replies."""
