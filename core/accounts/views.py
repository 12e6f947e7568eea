"""Signing in and out: with a password, with a link by mail, and the page for a closed account."""

from datetime import timedelta
from functools import wraps

from allauth.account.internal import flows
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.mixins import AjaxCapableProcessFormViewMixin, NextRedirectMixin, RedirectAuthenticatedUserMixin
from allauth.account.models import EmailAddress, Login
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic import FormView

from core.accounts import email_change, form_pages, mails, providers, rate_limits, sign_in_links
from core.accounts.adapter import safe_next
from core.accounts.forms import AddressForm
from core.models import User

# Where the pages that say "check your inbox" read the address.
SENT_TO = "account_sent_to"


class SignIn(form_pages.FormPage, LoginView):
    """The sign-in page. Its form also stands on the landing page, see landing.views.SignInCard."""

    template_name = "account/login.html"

    def limits(self):
        return [(rate_limits.SIGN_IN, rate_limits.network(self.request))]

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "providers": providers.offered(), "why": self.request.GET.get("why")}


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request):
    """POST signs out and goes home; GET is a page with the button, for a link that somebody typed."""
    if request.method != "POST":
        return render(request, "account/logout.html") if request.user.is_authenticated else redirect("home")
    if request.user.is_authenticated:
        flows.logout.logout(request, show_message=False)
        messages.success(request, _("You are signed out."))
    return redirect("home")


class RequestSignInLink(
    form_pages.FormPage, NextRedirectMixin, RedirectAuthenticatedUserMixin, AjaxCapableProcessFormViewMixin, FormView
):
    """Asks for an address and sends a link to it. The answer is the same for an address that has no account."""

    template_name = "account/request_sign_in_link.html"
    form_class = AddressForm

    def limits(self):
        return [(rate_limits.MAILS, rate_limits.network(self.request))]

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        # The sign-in forms have a button that comes here; their address is called login.
        if "data" in kwargs and "email" not in kwargs["data"]:
            kwargs["data"] = {**kwargs["data"].dict(), "email": kwargs["data"].get("login", "")}
        return kwargs

    def form_valid(self, form):
        email = form.cleaned_data["email"]
        seconds = rate_limits.wait(rate_limits.MAILS_TO, email)
        if seconds:
            return self.too_many(seconds)
        user = User.objects.filter(email=email, is_active=True).first()
        if user:
            path = reverse("account_login_link", args=[sign_in_links.token(user, self.get_next_url())])
            ends_at = timezone.now() + timedelta(seconds=settings.SIGN_IN_LINK_SECONDS)
            mails.send("login_link", user.email, {"url": self.request.build_absolute_uri(path), "ends_at": ends_at})
        else:
            flows.signup.send_unknown_account_mail(self.request, email)
        self.request.session[SENT_TO] = email
        return redirect("account_login_link_sent")


@login_not_required
@never_cache
@require_safe
def sign_in_link_sent(request):
    return render(request, "account/sign_in_link_sent.html", {"email": request.session.get(SENT_TO, "")})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request, token):
    """The page behind the link. Only its button signs in: mail scanners open links, but press no buttons."""
    if request.method == "POST":
        seconds = rate_limits.wait(rate_limits.LINKS, rate_limits.network(request))
        if seconds:
            return too_many(request, seconds)
    try:
        user, next_url = sign_in_links.read(token)
        if request.method != "POST":
            return render(request, "account/sign_in_link.html", {"email": user.email})
        sign_in_links.use(user)
    except sign_in_links.LinkEnded as ended:
        return link_ended(request, ended.reason, reverse("account_request_login_link"))
    if request.user.is_authenticated and request.user.pk != user.pk:
        flows.logout.logout(request, show_message=False)
    goes_to = safe_next(request, next_url)
    if _first_proof(user) and user.has_usable_password():
        _forget_the_past(user)
        request.signed_in_words = _(
            "You are signed in, and your email is confirmed. Choose a new password: the old one has ended."
        )
        goes_to = reverse("account_set_password")
    record_authentication(request, user, method="link")
    return perform_login(request, Login(user=user, email=user.email, redirect_url=goes_to))


def _first_proof(user):
    """Whoever has the link reads the mail of that address; True when nobody had proved that before."""
    return bool(EmailAddress.objects.filter(user=user, email=user.email, verified=False).update(verified=True))


def _forget_the_past(user):
    """A stranger may have signed up with this address before its owner came: their password and their sessions end here."""
    email_change.cancel(user)
    user.set_unusable_password()
    user.save(update_fields=["password"])


@login_not_required
@require_safe
def inactive(request):
    return render(request, "account/account_inactive.html")


def link_ended(request, reason, new_url):
    """410: the link is over; says why when that is known, and offers a new one."""
    return render(request, "410.html", {"reason": reason, "new_url": new_url}, status=410)


def too_many(request, seconds):
    """429 as a page of its own, for a form that has nothing to keep."""
    response = render(request, "429.html", {"retry_after": seconds, "back": request.path}, status=429)
    return form_pages.with_retry_after(response, seconds)


def limited(limit):
    """Decorator for a view whose POST has nothing to keep: count it by network, and answer 429 beyond the limit."""

    def decorate(view):
        @wraps(view)
        def counted(request, *args, **kwargs):
            if request.method == "POST":
                seconds = rate_limits.wait(limit, rate_limits.network(request))
                if seconds:
                    return too_many(request, seconds)
            return view(request, *args, **kwargs)

        return counted

    return decorate
