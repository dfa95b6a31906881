"""What may be done to many leads at once, each action with the rules of the single lead."""
