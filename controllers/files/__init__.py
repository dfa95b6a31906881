"""Leads that come in a file, and go out in one."""
