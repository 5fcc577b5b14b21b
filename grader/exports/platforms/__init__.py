"""The scripts that Gradescope runs, as they are packed into an autograder."""
