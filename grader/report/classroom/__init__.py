"""The class as a folder of pages that needs no server: overview, questions, students, pairs."""
