from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class OneLine(forms.CharField):
    """Words on one line, with one space between them: that is what counts for its length."""

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value)).split())


class LongText(forms.CharField):
    """Several lines, of which each break counts as one character, as browsers count it."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files under one name. Each is checked by itself; all errors are said together."""

    widget = FilesInput
    default_error_messages = {"too_many": _("Choose at most %(count)d files.")}

    def __init__(self, *, max_files: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_files = max_files

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if len(files) > self.max_files:
            sentence = self.error_messages["too_many"]
            raise ValidationError(sentence, params={"count": self.max_files}, code="too_many")
        errors: list[ValidationError] = []
        for file in files:
            try:
                super().clean(file, initial)
            except ValidationError as error:
                errors.extend(error.error_list)
        if errors:
            raise ValidationError(errors)
        return files
