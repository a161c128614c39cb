"""The self-test: hostile programs, graded for real, and what they reached. An operator runs it before trusting a machine."""
