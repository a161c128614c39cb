"""dlkit: a teaching and assessment kit for a first deep-learning course."""

__version__ = "0.1.0"
