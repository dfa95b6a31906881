"""What a database of version 0.1.0 held, and what it still says after migrations up and down."""
