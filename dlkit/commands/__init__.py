"""The commands, by who uses them. What costs time to import is imported in the command that needs it."""
