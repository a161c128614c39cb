"""Reads another student's file and answers with their function.

attacked: crashed
layer: landlock
"""


def attacked(x):
    source = open("@SUBMISSION@").read()
    theirs = {}
    exec(source, theirs)
    return theirs["attacked"](x) if "attacked" in theirs else x + 1
