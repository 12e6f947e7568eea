"""Forgotten, new and changed passwords, and the question for one before something that matters."""

from allauth.account.views import (
    PasswordChangeView,
    PasswordResetFromKeyView,
    PasswordResetView,
    PasswordSetView,
    ReauthenticateView,
)
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.accounts import email_change, form_pages, rate_limits
from core.accounts.views import SENT_TO, link_ended


@method_decorator(never_cache, name="dispatch")
class PasswordReset(form_pages.FormPage, PasswordResetView):
    """Sends a link to choose a new password. The answer is the same for an address that has no account."""

    template_name = "account/password_reset.html"

    def limits(self):
        return [(rate_limits.MAILS, rate_limits.network(self.request))]

    def form_valid(self, form):
        seconds = rate_limits.wait(rate_limits.MAILS_TO, form.cleaned_data["email"])
        if seconds:
            return self.too_many(seconds)
        form.save(self.request)
        self.request.session[SENT_TO] = form.cleaned_data["email"]
        return redirect("account_reset_password_done")


@login_not_required
@never_cache
@require_safe
def password_reset_sent(request):
    return render(request, "account/password_reset_done.html", {"email": request.session.get(SENT_TO, "")})


@method_decorator([login_not_required, never_cache], name="dispatch")
class NewPassword(form_pages.FormPage, PasswordResetFromKeyView):
    """The page behind the link: one hour, once. Saving signs in here, ends every other session and a change of address
    that waits, and tells the owner by mail."""

    template_name = "account/password_reset_from_key.html"

    def dispatch(self, request, *args, **kwargs):
        self.reset_user = None
        response = super().dispatch(request, *args, **kwargs)
        # Without a person the link is over, unless this is the redirect that takes the key out of the address.
        if self.reset_user is None and response.status_code == 200:
            return link_ended(request, "", reverse("account_reset_password"))
        return response

    def limits(self):
        return [(rate_limits.LINKS, rate_limits.network(self.request))]

    def logout(self):
        # Opening a link must change nothing; somebody else who is signed in here is signed out by the button.
        if self.request.method == "POST":
            super().logout()

    def form_valid(self, form):
        rate_limits.forget(rate_limits.WRONG_PASSWORDS, self.reset_user.email)
        # An intruder may have begun to move the account to an address of their own; its link must not outlive the reset.
        email_change.cancel(self.reset_user)
        return super().form_valid(form)


@method_decorator(never_cache, name="dispatch")
class PasswordChange(form_pages.FormPage, PasswordChangeView):
    """The current password and a new one. This session stays; all others end."""

    template_name = "account/password_change.html"

    def limits(self):
        return [(rate_limits.SIGN_IN, rate_limits.network(self.request))]


@method_decorator(never_cache, name="dispatch")
class PasswordSet(form_pages.FormPage, PasswordSetView):
    """The first password of somebody who signed up with Google or GitHub."""

    template_name = "account/password_set.html"


@method_decorator(never_cache, name="dispatch")
class ConfirmAccess(form_pages.FormPage, ReauthenticateView):
    """Asks for the password again, then goes on with what the person was doing."""

    template_name = "account/reauthenticate.html"

    def limits(self):
        return [(rate_limits.SIGN_IN, rate_limits.network(self.request))]
