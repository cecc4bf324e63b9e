"""The list of the glossary and its form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from cms.translation.models import GlossaryTerm, GlossaryWording
from tests.admin_lists import rows

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def term(admin_client: Client) -> GlossaryTerm:
    term = GlossaryTerm(meaning="What is shared.")
    term.wordings = [GlossaryWording(language="en", text="practice"), GlossaryWording(language="kk", text="тәжірибе")]
    term.save()
    other = GlossaryTerm()
    other.wordings = [GlossaryWording(language="ru", text="мера")]
    other.save()
    return term


def given(*wordings: tuple[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {"meaning": "", "wordings-TOTAL_FORMS": len(wordings), "wordings-INITIAL_FORMS": 0}
    for place, (language, text) in enumerate(wordings):
        row = {"language": language, "text": text, "note": "", "ORDER": place}
        data |= {f"wordings-{place}-{name}": value for name, value in row.items()}
    return data


def test_terms_stand_with_their_wordings_and_are_found_by_each(admin_client: Client, term: GlossaryTerm) -> None:
    url = reverse("wagtailsnippets_translation_glossaryterm:list")
    assert [row[-2:] for row in rows(admin_client, url)] == [["practice", "тәжірибе"], ["мера", "мера"]]
    assert len(rows(admin_client, f"{url}?q=тәжір")) == 1
    assert rows(admin_client, f"{url}?q=zz") == []


def test_a_term_is_added_with_a_wording_for_each_language(admin_client: Client) -> None:
    url = reverse("wagtailsnippets_translation_glossaryterm:add")
    assert admin_client.post(url, given(("en", "measure"), ("ru", "мера"))).status_code == 302
    assert str(GlossaryTerm.objects.get()) == "measure – мера"


def test_two_wordings_in_one_language_are_refused(admin_client: Client) -> None:
    url = reverse("wagtailsnippets_translation_glossaryterm:add")
    response = admin_client.post(url, given(("en", "measure"), ("en", "action")))
    assert response.status_code == 200
    assert not GlossaryTerm.objects.exists()
