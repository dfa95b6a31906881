"""Business rules, one use-case family a file. Knows no request and no JSON."""
