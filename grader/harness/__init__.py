"""The pytest harness: what hidden tests import, and how they are run."""
