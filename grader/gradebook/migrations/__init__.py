"""The versions of a gradebook, oldest first; a gradebook is brought to the last when opened."""

# Alembic knows the same list; it is kept here so that opening one up to date need not import it.
REVISIONS = ("0001",)
VERSION_TABLE = "gradebook_version"
