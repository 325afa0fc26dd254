"""How Django draws a form here: our field with label, hint and error in the right order."""

from django.forms.renderers import DjangoTemplates


class SignoffRenderer(DjangoTemplates):
    """Named in settings.FORM_RENDERER."""

    form_template_name = "signoff/forms/form.html"
    field_template_name = "signoff/forms/field.html"
