"""The terminal's entry points, siblings of the controllers."""
