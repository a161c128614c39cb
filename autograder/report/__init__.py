"""Reports: results in, text out. Nothing is graded here."""
