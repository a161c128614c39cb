"""Notebooks: grading what is defined in one, and making one of an assignment."""
