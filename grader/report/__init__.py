"""One view of the results: table, JSON document, feedback page."""
