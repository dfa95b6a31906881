"""Rooms behind importService: from the lines of a file to the rows of a tenant."""
