"""Business rules. `xService.py` is a door for controllers and commands; the folder beside it is
private to services. Knows no request and no JSON."""
