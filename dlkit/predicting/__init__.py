"""Predicting: a student answers before a result is seen, then sees it, computed by their own functions."""
