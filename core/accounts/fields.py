"""The two form fields that every account form is made of: an address and a password."""

from django import forms
from django.utils.translation import gettext as _

from core.accounts.addresses import AddressError, canonical
from core.accounts.passwords import MAX_LENGTH


class AddressField(forms.CharField):
    """Gives the canonical address; an error's code is the rule that is broken."""

    widget = forms.EmailInput

    def __init__(self, *, autocomplete="email", **kwargs):
        super().__init__(**{"label": _("Email"), "required": False, **kwargs})
        self.widget.attrs["autocomplete"] = autocomplete

    def clean(self, value):
        try:
            return canonical(value)
        except AddressError as error:
            raise forms.ValidationError(str(error), code=error.rule) from error


class PasswordField(forms.CharField):
    """Gives exactly what was typed, neither stripped nor normalised. The policy for new ones is core.accounts.passwords."""

    widget = forms.PasswordInput

    def __init__(self, *, autocomplete="current-password", empty=None, **kwargs):
        super().__init__(**{"label": _("Password"), "required": False, "strip": False, **kwargs})
        self.widget.attrs["autocomplete"] = autocomplete
        self.empty = empty

    def clean(self, value):
        value = value or ""
        if not value and self.empty:
            raise forms.ValidationError(self.empty, code="empty")
        if len(value) > MAX_LENGTH:
            raise forms.ValidationError(
                _("Password can have %(limit)s characters at most.") % {"limit": MAX_LENGTH}, code="too_long"
            )
        return value
