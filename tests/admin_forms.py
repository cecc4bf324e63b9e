"""What somebody sends from the screens of vocabularies and records: the form as it was rendered, with some changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html

if TYPE_CHECKING:
    from django.test import Client


def screen(model: Any, action: str, *args: Any) -> str:
    """The address of a screen of a model: `add`, `edit`, `delete`, `list`, `usage` or `history`."""
    return reverse(model.snippet_viewset.get_url_name(action), args=args)


def row_screen(row: Any, action: str) -> str:
    return screen(type(row), action, row.pk)


def send(client: Client, url: str, changes: dict[str, Any] | None = None) -> Any:
    """Submit the form at an address with some of its fields changed.

    Rows made with Wagtail's `inline_formset` take the place of all rows that stand there.
    """
    html = client.get(url).content.decode()
    lists = querydict_from_html(html, form_id="w-editor-form").lists()
    data = {name: [value.removeprefix("\n") for value in values] for name, values in lists}
    given = nested_form_data(changes or {})
    for relation in [name.removesuffix("-TOTAL_FORMS") for name in given if name.endswith("-TOTAL_FORMS")]:
        replace_rows(data, given, relation)
    return client.post(url, data | given)


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
