"""Private rooms of ownershipService and userService: whose a lead is to be, and what becomes of the
leads of somebody who leaves."""
