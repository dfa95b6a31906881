"""Private rooms of timelineService: what stands in a timeline, and how it is told."""
