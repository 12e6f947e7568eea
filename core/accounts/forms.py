"""The account forms: allauth's with our fields and words. settings.ACCOUNT_FORMS names them; sign-up has landing/forms.py.

A form that finds out that somebody tries too often sets `too_often` to the seconds to wait; the view then answers 429.
"""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.account.models import Login
from allauth.core import context
from allauth.socialaccount import forms as social_forms
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts import names, passwords, sign_in
from core.accounts.adapter import MISMATCH
from core.accounts.fields import AddressField, PasswordField
from core.models import User

ADD_PASSWORD = gettext_lazy("Add your password.")
ADD_CURRENT = gettext_lazy("Add your current password.")


class SignInForm(allauth_forms.LoginForm):
    too_often = 0

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"] = AddressField(autocomplete="username webauthn")
        self.fields["password"] = PasswordField(empty=ADD_PASSWORD)
        self.fields["remember"].label = _("Keep me signed in on this device for %(days)s days") % {"days": settings.REMEMBER_DAYS}
        self.order_fields(["login", "password", "remember"])

    def _clean_with_password(self, credentials):
        try:
            user = sign_in.verify(self.request, credentials["email"], credentials["password"])
        except sign_in.TooOften as error:
            self.too_often = error.seconds
            raise forms.ValidationError(_("Too many tries."), code="too_often") from error
        if user is None:
            # One sentence for every cause; the password is what the person types again.
            self.add_error("password", forms.ValidationError(MISMATCH, code="mismatch"))
            return self.cleaned_data
        self._login = Login(user=user, email=credentials["email"])
        self.user = user
        return self.cleaned_data

    def _login_with_password(self, request, redirect_url, credentials):
        self._login.redirect_url = redirect_url
        response = flows.login.perform_password_login(request, credentials, self._login)
        # 0 ends the session with the browser.
        request.session.set_expiry(settings.REMEMBER_DAYS * 24 * 3600 if self.cleaned_data["remember"] else 0)
        return response


class AddressForm(forms.Form):
    """One address: for a sign-in link, and for changing the address of an account."""

    email = AddressField()


class PasswordResetForm(allauth_forms.ResetPasswordForm):
    email = AddressField()

    def clean_email(self):
        # Only the owner: somebody else may be waiting to confirm the same address.
        email = self.cleaned_data["email"]
        self.users = list(User.objects.filter(email=email, is_active=True))
        return email


class NewPassword:
    """Mixin of every form that sets a password: one field, the one policy."""

    def _one_new_password(self):
        self.fields.pop("password2", None)
        self.fields["password1"] = PasswordField(label=_("New password"), autocomplete="new-password", help_text=passwords.hint())

    def clean_password1(self):
        password = self.cleaned_data["password1"]
        found = passwords.weakness(password, getattr(self.user, "email", ""))
        if found:
            raise forms.ValidationError(found[1], code=found[0])
        return password


class NewPasswordForm(NewPassword, allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._one_new_password()


class PasswordSetForm(NewPassword, allauth_forms.SetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._one_new_password()


class PasswordChangeForm(NewPassword, allauth_forms.ChangePasswordForm):
    too_often = 0

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = PasswordField(label=_("Current password"), empty=ADD_CURRENT)
        self._one_new_password()
        self.order_fields(["oldpassword", "password1"])

    def clean_oldpassword(self):
        return _own_password(self, self.cleaned_data["oldpassword"], "enter_current_password")


class ConfirmAccessForm(allauth_forms.ReauthenticateForm):
    too_often = 0

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"] = PasswordField(empty=ADD_PASSWORD)

    def clean_password(self):
        return _own_password(self, self.cleaned_data["password"], "incorrect_password")


def _own_password(form, password, error):
    """`password` when it is that of form.user; wrong ones count like wrong ones at sign-in."""
    try:
        user = sign_in.verify(context.request, form.user.email, password)
    except sign_in.TooOften as too_often:
        form.too_often = too_often.seconds
        raise forms.ValidationError(_("Too many tries."), code="too_often") from too_often
    if user is None or user.pk != form.user.pk:
        raise get_adapter().validation_error(error)
    return password


class ProfileForm(forms.ModelForm):
    name = forms.CharField(label=_("Name"), required=False, help_text=_("What we call you. It stands on your page only."))

    class Meta:
        model = User
        fields = ["name"]

    def clean_name(self):
        name = names.cleaned(self.cleaned_data["name"])
        if names.letters(name) > names.LIMIT or len(name) > User._meta.get_field("name").max_length:
            raise forms.ValidationError(
                _("Name can have %(limit)s characters at most.") % {"limit": names.LIMIT}, code="too_long"
            )
        return name


class SocialSignUpForm(social_forms.SignupForm):
    """Asks for an address when Google or GitHub did not give one that can be used."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"] = AddressField(initial=self.fields["email"].initial)
        self.fields.pop("password1", None)

    def clean_email(self):
        email = self.cleaned_data["email"]
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("This email already has an account. Sign in to it instead."), code="taken")
        return email
