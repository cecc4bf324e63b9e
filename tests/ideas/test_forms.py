"""The fields of the form: what they offer in each language, and what they make of what is sent."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as site_settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from ideas.choices import TRANSITIONS, Action, IdeaState, Reason
from ideas.fields import FilesField, LongText
from ideas.forms import AnswerForm, IdeaForm, consent_text, country_choices, file_rules, theme_choices
from ideas.moderation import StepForm
from ideas.wording import DONE, MEANING, WHY, why
from tests.factories.ideas import make_idea
from tests.factories.vocabularies import make_country, make_theme

pytestmark = pytest.mark.django_db


def test_themes_stand_below_the_theme_above_them() -> None:
    state = make_theme("state", labels={"en": "State", "ru": "Государство"})
    digital = make_theme("digital", state, labels={"en": "Digital services"})
    make_theme("signatures", digital, labels={"en": "Signatures"})
    make_theme("health", labels={"en": "Health"})
    groups = {str(label): dict(entries) for label, entries in theme_choices()[1:]}
    assert groups["State"] == {"state": "State", "digital": "Digital services", "signatures": "Signatures"}
    assert groups["Health"] == {"health": "Health"}
    with translation.override("ru"):
        assert "Государство" in dict(theme_choices())


def test_countries_stand_in_the_order_of_the_readers_alphabet() -> None:
    for code in ("KZ", "AM", "GE"):
        make_country(code)
    assert [name for _code, name in country_choices()[1:]] == ["Armenia", "Georgia", "Kazakhstan"]
    with translation.override("ru"):
        assert [code for code, _name in country_choices()[1:]] == ["AM", "GE", "KZ"]
    with translation.override("kk"):
        assert dict(country_choices())["KZ"] == "Қазақстан"


def test_the_rules_for_files_follow_the_settings(settings: Any) -> None:
    settings.IDEAS_FILES, settings.IDEAS_FILE_SIZE, settings.IDEAS_FILE_EXTENSIONS = 2, 1024 * 1024, ["pdf"]
    assert file_rules() == "At most 2 files of up to 1.0\xa0MB each: pdf."


def test_browsers_cut_nothing_off() -> None:
    for form in (IdeaForm(), AnswerForm()):
        assert [field.name for field in form if {"maxlength", "minlength"} & set(field.field.widget.attrs)] == []


def test_fields_say_how_they_are_described() -> None:
    form = IdeaForm({"title": "short"})
    assert 'aria-describedby="id_title_helptext id_title_error"' in str(form["title"])
    assert 'autocomplete="email"' in str(form["email"])
    assert 'accept=".csv,' in str(form["attachments"])
    assert "multiple" in str(form["attachments"])


def test_what_is_agreed_to_names_the_site(settings: Any) -> None:
    settings.WAGTAIL_SITE_NAME = "Ideas of Almaty"
    assert consent_text().startswith("Ideas of Almaty keeps")
    before = IdeaForm().terms_digest
    settings.WAGTAIL_SITE_NAME = "Ideas of Astana"
    assert IdeaForm().terms_digest != before


@pytest.mark.parametrize(
    ("sent", "kept"), [("a\r\nb", "a\nb"), ("a\rb", "a\nb"), ("a\nb", "a\nb"), ("  a \r\n", "a"), ("", "")]
)
def test_line_breaks_are_of_one_kind(sent: str, kept: str) -> None:
    assert LongText(required=False).clean(sent) == kept


def test_none_one_or_several_files() -> None:
    field = FilesField(max_files=2, required=False)
    one, two, three = (SimpleUploadedFile(f"{number}.txt", b"x") for number in range(3))
    assert field.clean(None) == field.clean([]) == []
    assert field.clean(one) == [one]
    assert field.clean([one, two]) == [one, two]
    with pytest.raises(ValidationError, match=r"at most 2 files"):
        field.clean([one, two, three])


def test_the_errors_of_all_files_are_said_together() -> None:
    def refuse(file: Any) -> None:
        raise ValidationError(f"{file.name} is refused")

    field = FilesField(max_files=3, required=False, validators=[refuse])
    with pytest.raises(ValidationError) as caught:
        field.clean([SimpleUploadedFile("a.txt", b"x"), SimpleUploadedFile("b.txt", b"x")])
    assert caught.value.messages == ["a.txt is refused", "b.txt is refused"]


@pytest.mark.parametrize("action", list(TRANSITIONS))
def test_the_form_of_a_step_asks_for_what_the_step_needs(action: Action) -> None:
    idea, transition = make_idea(), TRANSITIONS[action]
    form = StepForm(idea=idea, transition=transition)
    assert ("reason" in form.fields) == bool(transition.reasons)
    assert ("text" in form.fields) == transition.is_told
    assert "note" in form.fields
    if transition.reasons:
        reason: Any = form["reason"].field
        offered = [value for value, _label in reason.choices if value]
        assert offered == list(transition.reasons)


def test_what_moderators_are_offered_has_bounds() -> None:
    form = StepForm({"text": "x" * 4001, "note": "y" * 2001}, idea=make_idea(), transition=TRANSITIONS[Action.ASK])
    assert set(form.errors) == {"text", "note"}


def test_there_are_words_for_every_state_step_and_reason() -> None:
    assert set(MEANING) == set(IdeaState)
    assert set(DONE) == set(Action)
    assert set(WHY) == set(Reason)
    given = {reason for transition in TRANSITIONS.values() for reason in transition.reasons}
    assert given == set(Reason), "a reason that no step has can never be given"


def test_reasons_are_worded_without_disturbing_the_language_of_the_moderator() -> None:
    with translation.override("kk"):
        assert why(Reason.IN_USE, "en") == "What you propose is done already."
        assert translation.get_language() == "kk"


def test_the_periods_and_targets_are_of_states() -> None:
    states = {state.value for state in IdeaState}
    assert set(site_settings.IDEAS_RETENTION) <= states
    assert set(site_settings.IDEAS_TARGETS) <= states
    assert "needs-information" not in site_settings.IDEAS_TARGETS, "its clock stands"
    ends = {"submitted", "spam", "withdrawn", "duplicate", "rejected", "declined"}
    assert ends <= set(site_settings.IDEAS_RETENTION), "nothing that is over is kept for ever"
