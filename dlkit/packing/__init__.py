"""Packing: an assignment for machines of others, which grade one submission at a time with the same engine.

`gradescope` and `classroom50` write what is uploaded there; `on_gradescope` and `on_classroom50` are what runs there.
"""
