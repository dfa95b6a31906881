"""Activities of leads: what they say, what follows from them for the lead, how they are written and
read. Doors outside are services/activityService and, for a note, services/leadService."""
