"""The lecture after a homework: the commonest mistakes of a class as invented code, a picture and a question each.

`choosing.py` counts the mistakes, `inventing.py` makes code that has them, `excerpt.py` says which lines may be shown,
`trying.py` runs the code in workers, `picturing.py` and `drawing.py` show what went wrong, `questions.py` asks the room, and
`pages.py` writes it all down. No code and no name of a student is on a page.
"""
