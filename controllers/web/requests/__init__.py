"""What a request brings, received and validated."""
