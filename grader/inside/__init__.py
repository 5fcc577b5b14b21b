"""What runs in the box; imports nothing else of ours."""
