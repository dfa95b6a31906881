"""Rules, models and reviews of scores."""
