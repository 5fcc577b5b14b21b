"""`python -m grader.cli`, for where no console script is on the path."""

from grader.cli import main

main()
