"""Why a bench ends without figures."""


class BenchFailed(RuntimeError):
    """Something did not do what the bench needs; the message is for a person."""
