"""Sending a photo: what the form takes, before anybody looks at what is in the file."""

import math
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from signoff.evidence.rules import MAX_BYTES, MediaType, refusal
from signoff.portal.forms import QuestionForm

ACCEPTED = ",".join(media.value for media in MediaType)


class PhotoForm(QuestionForm):
    """One photo: by the camera, where there is one in the hand, or a file."""

    aliases = {"kind": "picture"}
    camera = forms.FileField(
        label=_("Take a photo"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    picture = forms.FileField(
        label=_("Choose a file"),
        help_text=_("A photo (JPEG, PNG, WebP, HEIC) or a PDF, at most 12 MB."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args: Any, facing: str = "environment", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["camera"].widget.attrs["capture"] = facing

    def clean(self) -> dict[str, Any]:
        """`content`: the bytes. What is too large was not kept whole, so it is refused here."""
        cleaned = super().clean() or {}
        file: UploadedFile[Any] | None = cleaned.get("camera") or cleaned.get("picture")
        if file is None:
            self.add_error("picture", _("Choose a photo first."))
        elif (file.size or 0) > MAX_BYTES:
            size = math.ceil((file.size or 0) / 100_000) / 10
            self.refuse(refusal("too_large", size=f"{size:g}", limit=MAX_BYTES // 1_000_000))
        else:
            cleaned["content"] = file.read()
        return cleaned
