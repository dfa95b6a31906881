"""How a statement reaches PostgreSQL: what is sent, prepared and proved, over which connection."""
