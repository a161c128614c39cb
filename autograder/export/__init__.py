"""Exports: marks and grades as other systems read them, one module a format. Text and values in, text out: nothing is opened.

What counts is decided before (see `policy`), and how each system reads is written at the top of its module.
"""
