"""The hardened box that runs a student's notebook, and the image it is made of."""
