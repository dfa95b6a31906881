"""Leads as files: what is selected of them, and what each format makes of it."""
