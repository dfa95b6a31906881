"""What is asked for, and the statement that reads it from the cells."""
