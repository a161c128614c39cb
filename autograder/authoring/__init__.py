"""Authoring: what turns a reference into an assignment, and holds it to the rules."""
