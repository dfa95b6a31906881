"""Leads as they are read: lists, single ones, and what their filters name."""
