"""A submitted file becomes a program to run: read, validate, repair, assemble."""
