"""A class: many submissions into one gradebook, and from there to marks."""
