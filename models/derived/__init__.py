"""What follows from leads, each row rebuildable from them and their history."""
