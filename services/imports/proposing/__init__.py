"""What the columns of a file are, proposed to a person by their names and by their cells."""
