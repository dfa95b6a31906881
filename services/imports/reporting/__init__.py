"""What became of a file's lines: counted, told, written to be corrected, and sent again."""
