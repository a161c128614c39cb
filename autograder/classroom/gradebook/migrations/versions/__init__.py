"""One module a schema, each called by its number."""
