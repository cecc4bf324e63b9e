"""What a form has to bring along: work that was done for it, or at least a ticket of this site."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ideas import proofs
from ideas.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable


def altered(text: str, change: Callable[[dict[str, Any]], Any]) -> str:
    """A ticket in which something was changed."""
    payload = json.loads(base64.b64decode(text))
    change(payload)
    return base64.b64encode(json.dumps(payload).encode()).decode()


def test_a_ticket_is_known_again_with_and_without_work() -> None:
    handed_out = proofs.hand_out()
    plain, worked = proofs.read(handed_out), proofs.read(proofs.solved(handed_out))
    assert plain.number == worked.number
    assert (plain.is_solved, worked.is_solved) == (False, True)
    assert timedelta(0) <= plain.age < timedelta(seconds=5)


def test_no_two_forms_have_the_same_number() -> None:
    assert len({proofs.read(proofs.hand_out()).number for _form in range(20)}) == 20


@pytest.mark.parametrize(
    "change",
    [
        lambda payload: payload["challenge"]["parameters"].update(cost=0),
        lambda payload: payload["challenge"]["parameters"].update(keyPrefix=""),
        lambda payload: payload["challenge"]["parameters"].update(nonce="00" * 16),
        lambda payload: payload["challenge"]["parameters"].update(expiresAt=10**11),
        lambda payload: payload["challenge"]["parameters"]["data"].update(since=0),
        lambda payload: payload["challenge"]["parameters"].pop("data"),
        lambda payload: payload["challenge"].update(signature="00" * 32),
        lambda payload: payload["challenge"].update(signature=None),
        lambda payload: payload["challenge"].pop("signature"),
        lambda payload: payload["challenge"].update(parameters=[]),
        lambda payload: payload.pop("challenge"),
        lambda payload: payload.pop("solution"),
    ],
)
def test_a_ticket_that_was_altered_is_refused(change: Callable[[dict[str, Any]], Any]) -> None:
    with pytest.raises(RefusedError, match=r"not one of this site"):
        proofs.read(altered(proofs.solved(proofs.hand_out()), change))


@pytest.mark.parametrize("counter", [-1, 2**40, 1.5, "0", None, True, [], 10**6])
def test_a_solution_that_is_none_is_no_work(counter: Any) -> None:
    handed_out = proofs.hand_out()
    made_up = altered(handed_out, lambda payload: payload["solution"].update(counter=counter, derivedKey="00" * 32))
    assert not proofs.read(made_up).is_solved


def test_the_work_for_one_form_is_none_for_another() -> None:
    one, two = proofs.hand_out(), proofs.hand_out()
    solution = json.loads(base64.b64decode(proofs.solved(one)))["solution"]
    assert not proofs.read(altered(two, lambda payload: payload.update(solution=solution))).is_solved


@pytest.mark.parametrize(
    "text",
    ["", "x", "e30=", "W10=", "bnVsbA==", "\x00", "é" * 10, base64.b64encode(b"[" * 3000).decode(), "MTI="],
)
def test_what_is_no_ticket_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match=r"not one of this site"):
        proofs.read(text)


def test_a_ticket_of_another_key_is_refused(settings: Any) -> None:
    handed_out = proofs.hand_out()
    settings.SECRET_KEY = "another-one"  # noqa: S105 - signs nothing outside of this test
    with pytest.raises(RefusedError, match=r"not one of this site"):
        proofs.read(handed_out)


def test_a_ticket_ends(settings: Any) -> None:
    settings.IDEAS_FORM_LIFE = timedelta(seconds=-2)
    with pytest.raises(RefusedError, match=r"too long"):
        proofs.read(proofs.solved(proofs.hand_out()))
