"""Rooms behind leadService: how leads are read, filtered, recognised and bounded."""
