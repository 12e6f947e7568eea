"""The sign-up form: an address and a password, judged once, when they are sent."""

from allauth.account.forms import SignupForm
from django import forms
from django.utils.translation import gettext as _

from core.accounts import addresses, passwords
from core.accounts.fields import AddressField, PasswordField
from core.models import User


def verdict(rule):
    """The one of the three words "short", "common" and "good" that stands for a rule of core.accounts.passwords.weakness()."""
    return "short" if rule in {"empty", "too_short"} else "common"


class SignUpForm(SignupForm):
    """After is_valid(): `taken` says that the address has an account, and then the password is whatever that account's may be.

    `advice` is set when the address looks mistyped; sent a second time unchanged, it is taken as it is. `weak` is "short" or
    "common" after a password was turned down, else "".
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"] = AddressField()
        self.fields["password1"] = PasswordField(
            label=_("Create a password"), autocomplete="new-password", help_text=passwords.hint()
        )
        self.order_fields(["email", "password1"])
        self.taken = False
        self.advice = None
        self.weak = ""

    def clean_email(self):
        email = self.cleaned_data["email"]
        self.taken = User.objects.filter(email=email).exists()
        meant = addresses.suggestion(email)
        typed = self.data.get("email", "").strip()
        if meant and not self.taken and self.data.get("email_checked") != typed:
            domain = meant.rpartition("@")[2]
            self.advice = {
                "sentence": _("Did you mean %(address)s?") % {"address": meant},
                "label": _("Use %(domain)s") % {"domain": domain},
                "address": meant,
                "typed": typed,
                "focus": True,
            }
        return email

    def clean(self):
        # Not allauth's own, which would hold a password against the policy also when the account is older than the policy.
        password = self.cleaned_data.get("password1")
        if password is None or (self.taken and password):
            return self.cleaned_data
        found = passwords.weakness(password, self.cleaned_data.get("email", ""))
        if found:
            # Without a password there is nothing to mend yet.
            self.weak = verdict(found[0]) if password else ""
            self.add_error("password1", forms.ValidationError(found[1], code=found[0]))
        return self.cleaned_data
