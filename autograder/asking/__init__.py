"""Questions about a student's own code, made by running it.

    beside/        in a worker: runs a function line by line, changes it, runs it again, and tells what it saw
    facts.py       in the grader: what a worker told, read as bounded data
    kinds/         turns facts into questions, one module for each kind: pure, without any process
    choosing.py    chooses a few questions out of many
    sitting.py     has a submission graded, looked at and asked about

Every answer that is offered was run: the right one, and the wrong ones as what another reading of the line gives. The idea and
the kinds are those of questions about learners' code: Lehtinen, Santos and Sorva, "Let's Ask Students About Their Programs,
Automatically" (ICPC 2021); Lehtinen, Seppälä and Korhonen, "Automated Questions About Learners' Own Code Help to Detect Fragile
Knowledge" (ITiCSE 2023, doi 10.1145/3587102.3588787).
"""
