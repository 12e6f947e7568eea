"""How allauth behaves here: one spelling of addresses, our words, our mails, no JSON face, and no way off the site."""

import logging
from datetime import timedelta

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import scenes
from core.accounts import mails, names
from core.accounts.addresses import AddressError, canonical
from core.models import User

log = logging.getLogger("dimorph.accounts")

MISMATCH = gettext_lazy("That email and password do not match.")


# Says only that somebody signed in on this browser once: the landing page then shows the way back in.
RETURNING_COOKIE = "returning"
RETURNING_FOR = 365 * 24 * 3600


def safe_next(request, url):
    """`url` when it is a path of this site, else None. Nothing that any browser could read as another origin passes."""
    if not url or not url.startswith("/") or url.lower().startswith("/%2f") or "\\" in url or not url.isprintable():
        return None
    return url if url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()) else None


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": MISMATCH,
        "incorrect_password": gettext_lazy("That is not your password."),
        "enter_current_password": gettext_lazy("That is not your current password."),
        "email_taken": gettext_lazy("This email already has an account. Sign in to it instead."),
        "duplicate_email": gettext_lazy("This is your email already."),
    }

    def is_ajax(self, request):
        # Every address answers with a page; there is no JSON twin to keep safe.
        return False

    def get_client_ip(self, request):
        """The visitor's address as the last proxy of ours saw it, or "unknown"."""
        try:
            return get_client_ip(request) or "unknown"
        except ImproperlyConfigured:
            # Fewer hops than proxies of ours: the request did not come through them.
            return request.META.get("REMOTE_ADDR") or "unknown"

    def is_safe_url(self, url):
        return safe_next(self.request, url) is not None

    def clean_email(self, email):
        try:
            return canonical(email)
        except AddressError as error:
            raise forms.ValidationError(str(error), code=error.rule) from error

    def send_mail(self, template_prefix, email, context):
        # Where the mail's one button leads. A notice of a change leads to a new password.
        url = context.get("password_reset_url") or context.get("signup_url")
        url = url or self.request.build_absolute_uri(reverse("account_reset_password"))
        ends_at = timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
        mails.send(template_prefix, email, {"device": mails.device(self.request), "ends_at": ends_at, **context, "url": url})

    def send_confirmation_mail(self, request, emailconfirmation, signup):
        address = emailconfirmation.email_address
        name = "verify_email" if address.email == address.user.email else "email_change_new"
        url = self.get_email_confirmation_url(request, emailconfirmation)
        ends_at = timezone.now() + timedelta(days=account_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS)
        mails.send(name, address.email, {"url": url, "user": address.user, "ends_at": ends_at})

    def confirm_email(self, request, email_address):
        """Mark an address as confirmed; False when it belongs to somebody else by now."""
        user = email_address.user
        if User.objects.filter(email=email_address.email).exclude(pk=user.pk).exists():
            return self._not_confirmed(request)
        try:
            with transaction.atomic():
                confirmed = super().confirm_email(request, email_address)
                if confirmed and user.email_as_typed.casefold() != email_address.email:
                    User.objects.filter(pk=user.pk).update(email_as_typed=email_address.email)
        except IntegrityError:
            return self._not_confirmed(request)
        log.info("email confirmed", extra={"user": user.pk})
        return confirmed

    def _not_confirmed(self, request):
        messages.error(request, _("That email has another account by now, so it was not confirmed."))
        return False

    def post_login(self, request, user, *, signup, **details):
        """Say once, on the page that follows, that the person is signed in. `request.signed_in_words` says it differently."""
        response = super().post_login(request, user, signup=signup, **details)
        usual = _("Account created. You are signed in.") if signup else _("You are signed in.")
        messages.success(request, getattr(request, "signed_in_words", usual))
        response.set_cookie(RETURNING_COOKIE, "1", max_age=RETURNING_FOR, secure=settings.HTTPS, httponly=True, samesite="Lax")
        return response

    def get_email_verification_redirect_url(self, email_address):
        return reverse("home") if self.request.user.is_authenticated else reverse("account_login")

    def get_password_change_redirect_url(self, request):
        return reverse("settings")

    def get_logout_redirect_url(self, request):
        return reverse("home")


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "email_taken": gettext_lazy("This email already has an account. Sign in to it, then connect %s in the settings."),
        "no_password": gettext_lazy("Set a password first: without one you could not sign in any more."),
        "no_verified_email": gettext_lazy("Confirm your email first: without it you could not get back in."),
        "disconnect_last": gettext_lazy("This is your only way to sign in. Set a password first."),
        "connected_other": gettext_lazy("That account is connected to somebody else here."),
    }

    def list_apps(self, request, provider=None, client_id=None):
        """What is set up to sign in with; in the gallery, what its scene says."""
        if scene := scenes.playing():
            return [SocialApp(provider=name, client_id="gallery") for name in scene.providers if provider in (None, name)]
        return super().list_apps(request, provider, client_id)

    def populate_user(self, request, sociallogin, data):
        user = super().populate_user(request, sociallogin, data)
        try:
            user.email = canonical(user.email)
        except AddressError:
            user.email = ""
        user.email_as_typed = user.email
        # The address as the provider spells it would be a second one beside ours.
        for address in sociallogin.email_addresses:
            try:
                address.email = canonical(address.email)
            except AddressError:
                address.email = ""
        sociallogin.email_addresses = [address for address in sociallogin.email_addresses if address.email][:1]
        if not user.name:
            given = str(data.get("name") or " ".join(filter(None, (data.get("first_name"), data.get("last_name")))))
            user.name = names.cleaned(given)[: names.LIMIT]
        return user
