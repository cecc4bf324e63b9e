"""What somebody sends from the screens of vocabularies and records: the form as it was rendered, with some changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.test import Client


def screen(model: Any, action: str, *args: Any) -> str:
    """The address of a screen of a model: `add`, `edit`, `delete`, `list`, `usage` or `history`."""
    return reverse(model.snippet_viewset.get_url_name(action), args=args)


def row_screen(row: Any, action: str) -> str:
    return screen(type(row), action, row.pk)


def rendered(client: Client, url: str) -> dict[str, Any]:
    """Names and values of the form at an address, as a browser reads them."""
    html = client.get(url).content.decode()
    lists = querydict_from_html(html, form_id="w-editor-form").lists()
    return {name: [value.removeprefix("\n") for value in values] for name, values in lists}


def changed(data: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The form with some of its fields changed.

    Rows made with Wagtail's `inline_formset` take the place of all rows that stand there.
    """
    data, given = dict(data), nested_form_data(changes)
    for relation in [name.removesuffix("-TOTAL_FORMS") for name in given if name.endswith("-TOTAL_FORMS")]:
        replace_rows(data, given, relation)
    return data | given


def send(client: Client, url: str, changes: dict[str, Any] | None = None) -> Any:
    """Submit the form at an address with some changes."""
    return client.post(url, changed(rendered(client, url), changes or {}))


def not_refused(
    client: Client, url: str, cases: Iterable[tuple[dict[str, Any], str, str]], data: dict[str, Any] | None = None
) -> list[str]:
    """Of wrong changes, those that are not refused where they stand.

    A case is what is changed, the field or row at which it is refused, and a part of the sentence. As many as change
    different fields are sent together. `data` is the form, where it is another than that of a row.
    """
    data = data or rendered(client, url)
    rounds: list[tuple[dict[str, Any], list[tuple[str, str]]]] = []
    for changes, field, sentence in cases:
        free = next((one for one in rounds if not one[0].keys() & changes.keys()), None)
        if free is None:
            rounds.append(free := ({}, []))
        free[0].update(changes)
        free[1].append((field, sentence))
    missed = []
    for together, expected in rounds:
        found = errors(client.post(url, changed(data, together)))
        missed += [
            f"{field}: {found.get(field)} is not “{sentence}”"
            for field, sentence in expected
            if not any(sentence in one for one in found.get(field, []))
        ]
    return missed


def replace_rows(data: dict[str, Any], given: dict[str, Any], relation: str) -> None:
    """Put the given rows behind those of the form, which are marked as deleted."""
    kept = int(data[f"{relation}-INITIAL_FORMS"][0])
    data |= {f"{relation}-{number}-DELETE": "1" for number in range(kept)}
    rows = {name: given.pop(name) for name in list(given) if name.startswith(f"{relation}-")}
    for name, value in rows.items():
        number, _hyphen, field = name.removeprefix(f"{relation}-").partition("-")
        if number.isdigit():
            given[f"{relation}-{int(number) + kept}-{field}"] = value
    data[f"{relation}-TOTAL_FORMS"] = str(kept + int(rows[f"{relation}-TOTAL_FORMS"]))


def errors(response: Any) -> dict[str, list[str]]:
    """Sentences by field, and those of the rows by `relation.field`; empty where the form was accepted."""
    if response.status_code == 302:
        return {}
    form = response.context["form"]
    found = {name: [str(one) for one in sentences] for name, sentences in form.errors.items()}
    for relation, formset in form.formsets.items():
        for row in formset.forms:
            for name, sentences in row.errors.items():
                found.setdefault(f"{relation}.{name}", []).extend(map(str, sentences))
        if together := [str(one) for one in formset.non_form_errors()]:
            found[relation] = together
    return found


def said(response: Any) -> str:
    """The messages that the next screen shows."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))
