"""Rooms behind metricsService: what is asked for, the cells that answer, and each view of them."""
