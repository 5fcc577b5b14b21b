"""Notebooks: cells and their roles, solution markers, and the student's notebook made from the source."""
