"""Why answers are wrong: the reasons that explain them, from the surest to the most general.

A reason is found in one of five ways, and each is asked only for what those before it have left unexplained:

1. a *misconception* that an author has listed answers the same (`variant`);
2. a *sign* can be read off the answers: a factor, a lost axis, an error that is not raised (`signs`);
3. the reference, *asked otherwise*, answers the same: for 1 - rate, for the default size (`otherwise`);
4. the reference with a *change by kind* answers the same: a sum for a mean, `<` for `<=` (`changes`);
5. two misconceptions *at once* answer the same.

What is explained are single entries of single cases, so a second mistake or a missing edge case does not hide the first.
"""
