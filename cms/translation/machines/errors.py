"""What a service of machine translation has to say against a request, in sentences that a person can act on."""

from cms.background.errors import RetryLaterError, UnrecoverableError


class RefusedError(UnrecoverableError):
    """The service does not do what it is asked for, and would not the next time: somebody has to see to it."""


class UnavailableError(RetryLaterError):
    """The service is not there, has too much to do, or says what nobody understands. It may be better later."""
