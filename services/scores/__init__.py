"""Rooms behind scoreService: the card, the statement that scores, and what is in force."""
