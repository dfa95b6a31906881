"""What a request is answered with: an output, a file, an error."""
