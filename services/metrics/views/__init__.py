"""What each view of the figures shows."""
