"""From staged lines to leads: compared with those that are there, then created or updated."""
