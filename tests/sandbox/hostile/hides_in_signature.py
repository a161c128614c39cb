"""Is a callable whose signature, name and attributes run code of its own when they are looked at.

attacked: failed, crashed
"""


class Callable:
    @property
    def __signature__(self):
        raise SystemExit(0)

    @property
    def __name__(self):
        raise KeyboardInterrupt

    def __call__(self, *arguments, **names):
        return 0.0


attacked = Callable()
