"""For the instructor: a new assignment to start from, and `assignments/` made from `solutions/`."""
