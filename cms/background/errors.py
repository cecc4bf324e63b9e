class UnrecoverableError(Exception):
    """Raised by a task that would fail again however often it is tried."""


class MailDelayedError(Exception):
    """A mail server did not take a mail now, and may take it later."""


class WorkerLostError(Exception):
    """The worker that had a task was killed, or did not give a sign of life."""


class ClaimLostError(Exception):
    """A task was given to another worker meanwhile: what it did here is undone where it is atomic."""
