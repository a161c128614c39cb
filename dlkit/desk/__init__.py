"""The desk: a course in the browser, where people read, decide and answer.

It reads and writes the gradebook by the same calls as the commands, and computes no mark. It lives in `dlkit`, as what it
does is the work of commands. `serving.py` starts it, `doors.py` decides who may ask, `app.py` lists the pages, `desk.py` has
what they share, `roll.py` keeps the class at hand, `queues.py` says what is read next, `code.py` shows a file, and `jobs.py`
does what takes long.
"""
