"""Canvas by its API, with `dlkit[canvas]`: the roster, the submissions and the marks of a course, without a file in between.

`connection` speaks to the server, `course` reads from it, and `marking` plans changes and writes them.
"""
