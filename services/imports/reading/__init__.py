"""From the bytes of a file to its rows: encoding, delimiter, quotes, header."""
