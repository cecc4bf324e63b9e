class UnrecoverableError(Exception):
    """Raised by a task that would fail again however often it is tried."""


class RetryLaterError(Exception):
    """Raised by a task that is of no use for the next `seconds`, as a service says that it asked."""

    def __init__(self, sentence: str, seconds: float = 0) -> None:
        super().__init__(sentence)
        self.seconds = seconds


class MailDelayedError(Exception):
    """A mail server did not take a mail now, and may take it later."""


class WorkerLostError(Exception):
    """The worker that had a task was killed, or did not give a sign of life."""


class ClaimLostError(Exception):
    """A task was given to another worker meanwhile: what it did here is undone where it is atomic."""
