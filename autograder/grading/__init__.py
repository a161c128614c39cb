"""Grading: one submission in, one grade out. Trusted: it never runs or parses a student's code, and never imports TensorFlow."""
