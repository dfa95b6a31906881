"""Private rooms of jobService and workService: what a step is, and the queue of jobs."""
