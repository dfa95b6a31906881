"""What people say of a score: reviews of it, and overrides. Nothing here computes one."""
