"""SQL of revision 0024, which is too long for one file. It never changes, like the revision."""
