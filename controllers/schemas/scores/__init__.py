"""Rules, models and reviews of scores on the wire."""
