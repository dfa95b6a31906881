"""Rooms behind metricsService: the queries that count."""
