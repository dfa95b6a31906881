"""Private rooms of queueService: whom to call next, when, why, and what is typical."""
