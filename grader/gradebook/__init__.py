"""What is kept of a class: attempts, what people decided, and the grades that follow from both."""
