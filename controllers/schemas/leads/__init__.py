"""Leads on the wire: their fields, and what is asked, sent and answered about them."""
