"""Packing: an assignment for machines of others, which grade one submission at a time with the same engine.

`gradescope` and `github` write what is uploaded there; `on_gradescope` and `on_github` are what runs there.
"""
