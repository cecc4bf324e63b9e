"""What people fill in: an idea, and the answer to a question."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.core.choices import Licence
from cms.core.templatetags.display_tags import day
from cms.languages import sort_key
from ideas import proofs
from ideas.choices import BEST, WORST, Criterion, Stage, SubmitterKind
from ideas.errors import RefusedError
from ideas.fields import FilesField, LongText, OneLine
from ideas.querysets import campaign_of
from ideas.services import digest
from ideas.validators import validate_attachment
from taxonomy.models import Country, Theme

if TYPE_CHECKING:
    from django.http import QueryDict

    from ideas.models import CampaignPage

TOO_SHORT = gettext_lazy("Write at least %(limit_value)d characters.")
TOO_LONG = gettext_lazy("Shorten this to %(limit_value)d characters; it has %(show_value)d.")
NOT_SAID = ("", gettext_lazy("I would rather not say"))


def consent_text(campaign: CampaignPage | None = None) -> str:
    """What people agree to, in their language. What they have read is kept with the idea."""
    text = _(
        "%(site)s keeps what you have written, moderators read it, and they write to your e-mail address about it. You "
        "can have all of it erased at any time."
    ) % {"site": _(settings.WAGTAIL_SITE_NAME)}
    published = _("If the idea is accepted, an edited version of it is published under the licence %(licence)s.")
    text = f"{text} {published % {'licence': Licence.CC_BY.label}}"
    if campaign is not None:
        terms = _("The terms of the call “%(title)s” of %(day)s apply.")
        text = f"{text} {terms % {'title': campaign.title, 'day': day(campaign.last_published_at)}}"
    return text


def file_rules() -> str:
    return _("At most %(count)d files of up to %(size)s each: %(kinds)s.") % {
        "count": settings.IDEAS_FILES,
        "size": filesizeformat(settings.IDEAS_FILE_SIZE),
        "kinds": ", ".join(settings.IDEAS_FILE_EXTENSIONS),
    }


def theme_choices() -> list[tuple[str, Any]]:
    """Themes in groups, by the theme above them."""
    groups: dict[int, list[tuple[str, str]]] = {}
    themes = Theme.vocabulary()
    for theme in themes.rows:
        above = theme
        while above.parent_id in themes.by_pk and above.parent_id != above.pk:
            above = themes.by_pk[above.parent_id]
        groups.setdefault(above.pk, []).append((theme.code, theme.label))
    named = [(themes.by_pk[pk].label, entries) for pk, entries in groups.items()]
    return [("", _("Choose a theme")), *named]


def country_choices() -> list[tuple[str, Any]]:
    named = [(country.code, country.label) for country in Country.vocabulary().rows]
    return [("", _("Choose a country")), *sorted(named, key=lambda entry: sort_key(entry[1]))]


def stripped(field: forms.Field) -> None:
    """Length is said by the counter and by the error; a browser that cuts off pasted text says nothing."""
    field.widget.attrs.pop("maxlength", None)
    field.widget.attrs.pop("minlength", None)


class IdeaForm(forms.Form):
    title = OneLine(
        label=gettext_lazy("Your idea in one sentence"),
        help_text=gettext_lazy("For example: “Parents enrol a child for school and kindergarten with one form.”"),
        min_length=10,
        max_length=120,
        error_messages={
            "required": gettext_lazy("Write your idea in one sentence."),
            "min_length": TOO_SHORT,
            "max_length": TOO_LONG,
        },
    )
    problem = LongText(
        label=gettext_lazy("What is the problem?"),
        help_text=gettext_lazy(
            "Who has it, how often, what does it cost them? For example: “Each office asks for the same certificate, "
            "and a family spends two days on getting it.”"
        ),
        min_length=30,
        max_length=2000,
        error_messages={
            "required": gettext_lazy("Write what the problem is."),
            "min_length": TOO_SHORT,
            "max_length": TOO_LONG,
        },
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    proposal = LongText(
        label=gettext_lazy("What do you propose?"),
        help_text=gettext_lazy("Who would do what differently? You need not know every detail."),
        min_length=30,
        max_length=4000,
        error_messages={
            "required": gettext_lazy("Write what you propose."),
            "min_length": TOO_SHORT,
            "max_length": TOO_LONG,
        },
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    effect = LongText(
        label=gettext_lazy("What would change?"),
        help_text=gettext_lazy("For example time or money saved, mistakes avoided, people reached."),
        required=False,
        max_length=2000,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    beneficiaries = LongText(
        label=gettext_lazy("Who would benefit?"),
        required=False,
        max_length=500,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    theme = forms.ChoiceField(label=gettext_lazy("Theme"), required=False, choices=theme_choices)
    country = forms.ChoiceField(
        label=gettext_lazy("Which country is it about?"), required=False, choices=country_choices
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("How far is the idea?"), required=False, choices=[NOT_SAID, *Stage.choices]
    )
    attachments = FilesField(
        label=gettext_lazy("Attachments"),
        help_text=lazy(file_rules, str)(),
        required=False,
        max_files=settings.IDEAS_FILES,
        validators=[validate_attachment],
    )
    name = OneLine(
        label=gettext_lazy("Your name"),
        required=False,
        validators=[MaxLengthValidator(120, TOO_LONG)],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy(
            "A link goes there that confirms the idea and by which you follow it. It is never shown."
        ),
        max_length=None,
        validators=[MaxLengthValidator(254, TOO_LONG)],
        error_messages={
            "required": gettext_lazy("Write the e-mail address to which the link should go."),
            "invalid": gettext_lazy("Write an e-mail address such as name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    submitter_kind = forms.ChoiceField(
        label=gettext_lazy("You are writing"), required=False, choices=[NOT_SAID, *SubmitterKind.choices]
    )
    wants_credit = forms.BooleanField(label=gettext_lazy("Name me when the idea is published"), required=False)
    consent = forms.BooleanField(
        label=gettext_lazy("I agree to this"),
        error_messages={"required": gettext_lazy("Without your agreement the idea cannot be kept.")},
    )
    terms = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    ticket = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    campaign = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)
    website = forms.CharField(
        label=gettext_lazy("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    MAIN = ("title", "problem", "proposal")
    MORE = ("effect", "beneficiaries", "theme", "country", "stage", "attachments")
    PERSON = ("email", "name", "submitter_kind", "wants_credit")
    opened: proofs.Ticket | None = None
    has_lost_files = False  # files came with a form that is shown again: no browser chooses them a second time

    def __init__(self, *args: Any, call: CampaignPage | None = None, **kwargs: Any) -> None:
        """`call` is the one that the address names; what comes back says itself which one it answers."""
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.call = campaign_of(self.data["campaign"]) if self.data.get("campaign") else call
        self.has_lost_files = bool(self.files)
        self.fields["consent"].help_text = consent_text(self.call)
        for field in self.fields.values():
            stripped(field)
        self.fields["attachments"].widget.attrs["accept"] = ",".join(
            f".{kind}" for kind in settings.IDEAS_FILE_EXTENSIONS
        )

    @classmethod
    def half_written(cls, data: QueryDict, files: Any) -> IdeaForm:
        """The form with what stands in it so far, and not a word of what is missing yet."""
        form = cls(initial=data.dict(), call=campaign_of(data.get("campaign")))
        form.has_lost_files = bool(files)
        if form.initial.get("terms") != form.terms_digest:  # what was agreed to is another text
            form.initial.pop("consent", None)
        return form

    def clean_campaign(self) -> UUID | None:
        """Where the call is not open, the form is shown again without it, so that the idea can be sent by itself."""
        if not self.cleaned_data["campaign"]:
            return None
        if self.call is None or not self.call.is_open:
            self.call = None
            self.fields["consent"].help_text = consent_text()
            self.add_error(None, _("The call takes no ideas at present. You can send yours without it."))
            return None
        return UUID(str(self.call.translation_key))

    def clean_email(self) -> str:
        """In small letters, as addresses of accounts: no limit is got round by their case."""
        return str(self.cleaned_data["email"]).lower()

    def clean_theme(self) -> Theme | None:
        return Theme.vocabulary().by_code.get(self.cleaned_data["theme"])

    def clean_country(self) -> Country | None:
        return Country.vocabulary().by_code.get(self.cleaned_data["country"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("wants_credit") and "name" in cleaned and not cleaned["name"]:
            self.add_error("name", _("Write the name that should be shown with the idea."))
        if cleaned.get("consent") and cleaned.get("terms") != self.terms_digest:
            self.add_error("consent", _("The text has changed since you opened the form. Please read it again."))
        self._check_ticket()
        return cleaned

    def _check_ticket(self) -> None:
        """A form that is right in all else is sent by a browser that has worked for it, or by somebody patient."""
        try:
            opened = proofs.read(self.cleaned_data.get("ticket") or "")
        except RefusedError as refusal:
            self.add_error(None, str(refusal))
            return
        self.opened = opened
        if not opened.is_solved and opened.age < settings.IDEAS_FORM_DELAY and not self.errors:
            seconds = int((settings.IDEAS_FORM_DELAY - opened.age).total_seconds()) + 1
            self.add_error(
                None,
                _("That was very quick. Please wait %(seconds)d seconds and send it again: machines do not.")
                % {"seconds": seconds},
            )

    @property
    def is_from_machine(self) -> bool:
        """Whether the field was filled in that no person sees."""
        return bool(self.cleaned_data["website"])

    @property
    def given(self) -> dict[str, Any]:
        """What is kept, by the names of the fields that keep it."""
        apart = {"attachments", "consent", "terms", "ticket", "website"}
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}

    @cached_property
    def next_ticket(self) -> str:
        """The ticket of the form as it is shown: the one that came back, as long as it is good."""
        if self.opened:
            return str(self.data["ticket"])
        with suppress(RefusedError):
            if came_back := self.initial.get("ticket"):
                proofs.read(came_back)
                return str(came_back)
        return proofs.hand_out()

    @property
    def gist(self) -> str:
        """The words by which other ideas are found that are like it."""
        return " ".join(str(self[name].value() or "") for name in ("title", "problem"))

    @property
    def terms_digest(self) -> str:
        return digest(self.agreed_to)

    @property
    def agreed_to(self) -> str:
        """The words that stand at the box to tick."""
        return consent_text(self.call)

    @property
    def opens_more(self) -> bool:
        """Whether something optional was filled in or is wrong, so that its part of the form is shown open."""
        return self.has_lost_files or any(self.errors.get(name) or self[name].value() for name in self.MORE)

    def fields_of(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        return [self[name] for name in names]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return self.fields_of(self.MAIN)

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return self.fields_of(self.MORE)

    @property
    def person_fields(self) -> list[forms.BoundField]:
        return self.fields_of(self.PERSON)


class JudgeForm(forms.Form):
    """A score for each criterion, or that the reviewer stands aside."""

    stands_aside = forms.TypedChoiceField(
        label=gettext_lazy("Are you free to judge?"),
        help_text=gettext_lazy("You are not if you, your family or your organisation would gain or lose by the idea."),
        choices=[
            ("no", gettext_lazy("I am in no conflict of interest")),
            ("yes", gettext_lazy("I am, and stand aside")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether you are free to judge.")},
    )
    comment = LongText(
        label=gettext_lazy("Comment"),
        help_text=gettext_lazy("Only moderators read it. It is erased with the idea."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marks = [(value, str(value)) for value in range(WORST, BEST + 1)]
        for criterion in Criterion:
            self.fields[criterion.value] = forms.TypedChoiceField(
                label=criterion.label,
                help_text=_("%(worst)d is worst, %(best)d is best.") % {"worst": WORST, "best": BEST},
                choices=marks,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect(attrs={"class": "idea-score"}),
            )
        self.order_fields(["stands_aside", *Criterion.values, "comment"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("stands_aside") is False:
            for name in Criterion.values:
                if name not in self.errors and cleaned.get(name) is None:
                    self.add_error(name, _("Choose a score."))
        return cleaned

    @property
    def scores(self) -> dict[str, int | None]:
        return {name: self.cleaned_data[name] for name in Criterion.values}


class AnswerForm(forms.Form):
    """What the submitter says to a question."""

    text = LongText(
        label=gettext_lazy("Your answer"),
        max_length=4000,
        error_messages={"required": gettext_lazy("Write your answer."), "max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        stripped(self.fields["text"])
