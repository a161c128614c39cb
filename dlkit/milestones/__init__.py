"""Milestones: what a student wrote learns, step by step, with curves, pictures and a verdict. Nothing here is graded."""
