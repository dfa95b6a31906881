"""What a file's columns become: by their names, and by what the caller asks for."""
