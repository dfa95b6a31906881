"""Rooms behind stageService: what a new funnel must be, and moving leads out of a stage."""
