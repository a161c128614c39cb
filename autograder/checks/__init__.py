"""Kinds of questions: what a spec can ask about a function, one module each. `base` is what each of them has to do."""
