"""Rooms behind ruleService: what rules may say, what they give a lead, and what is odd in them."""
