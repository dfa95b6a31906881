"""Writing one lead: what is asked and locked before, what the rules make of it, what is sent."""
