"""Wire shapes: input refuses unknown fields, output is an allow-list."""
