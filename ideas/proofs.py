"""What a form has to bring along, so that a machine cannot send thousands: work done by the browser, or patience.

A form holds a challenge of ALTCHA (version 2, PBKDF2) that is signed and dated. A browser with scripts solves it; one
without waits. Either serves once, because the idea that came with it keeps its number.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from altcha import Challenge, Payload, Solution, create_challenge, verify_solution
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from ideas.errors import RefusedError

ALGORITHM = "PBKDF2/SHA-256"


@dataclass(frozen=True)
class Ticket:
    """A form that this site handed out: its number, its age, and whether work was done for it."""

    number: str
    age: timedelta
    is_solved: bool


def hand_out() -> str:
    """A new challenge without its solution, in the form in which a browser sends both back."""
    now = timezone.now()
    challenge = create_challenge(
        ALGORITHM,
        settings.IDEAS_PROOF_ROUNDS,
        expires_at=now + settings.IDEAS_FORM_LIFE,
        data={"since": int(now.timestamp())},
        hmac_secret=_secret(),
    )
    return Payload(challenge, Solution(0, "")).to_base64()


def read(text: str) -> Ticket:
    """The ticket that a form brought back. Raises `RefusedError` for one that is forged, altered or too old."""
    result = verify_solution(text, _secret())
    if result.expired:
        raise RefusedError(_("The form stood open for too long. What you wrote is still here: please send it again."))
    if result.invalid_signature is not False:
        raise RefusedError(_("The form is not one of this site. What you wrote is still here: please send it again."))
    parameters = _parameters(text)
    age = timezone.now().timestamp() - parameters["data"]["since"]
    return Ticket(parameters["nonce"], timedelta(seconds=age), is_solved=result.verified)


def solved(text: str) -> str:
    """What a browser makes of a ticket; for tests and for programs that fill in forms."""
    from altcha import solve_challenge

    challenge = Challenge.from_dict(json.loads(base64.b64decode(text))["challenge"])
    solution: Any = solve_challenge(challenge)
    return Payload(challenge, solution).to_base64()


def _parameters(text: str) -> dict[str, Any]:
    parameters: dict[str, Any] = json.loads(base64.b64decode(text))["challenge"]["parameters"]
    return parameters


def _secret() -> str:
    return salted_hmac("ideas.proofs", "ticket", algorithm="sha256").hexdigest()
