"""What the database is and what its roles may do: asked at the start, granted by migrations."""
