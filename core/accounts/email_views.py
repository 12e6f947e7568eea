"""Confirming an address, sending that mail again, and changing to another address."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.views import ConfirmEmailView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts import email_change, form_pages, rate_limits
from core.accounts.adapter import safe_next
from core.accounts.forms import AddressForm
from core.accounts.views import limited, link_ended
from core.models import User


@method_decorator([never_cache, limited(rate_limits.LINKS)], name="dispatch")
class ConfirmEmail(ConfirmEmailView):
    """The page behind the link. Only its button confirms: mail scanners open links."""

    template_name = "account/email_confirm.html"

    def get(self, request, *args, **kwargs):
        try:
            self.object = self.get_object()
        except Http404:
            return link_ended(request, "", reverse("account_email"))
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs):
        """`can_confirm` is also false where somebody else signed up with the address: a press could only fail."""
        context, address = super().get_context_data(**kwargs), self.object.email_address
        taken = User.objects.filter(email=address.email).exclude(pk=address.user_id).exists()
        return {**context, "can_confirm": context["can_confirm"] and not taken}

    def post(self, request, *args, **kwargs):
        try:
            return super().post(request, *args, **kwargs)
        except Http404:
            return link_ended(request, "", reverse("account_email"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def email(request):
    """The address and what can be done with it: `action` is resend, change (with `email`) or cancel.

    `next` leads back to the page of this site that had the button.
    """
    if request.method != "POST":
        return _page(request, AddressForm())
    action = {"resend": _resend, "change": _change, "cancel": _cancel}.get(request.POST.get("action"))
    return action(request) if action else _page(request, AddressForm())


def _page(request, form, status=200, **context):
    address, waiting = email_change.current(request.user), email_change.pending(request.user)
    context = {"form": form, "address": address, "pending": waiting, "error_title": status != 200, **context}
    return render(request, "account/email.html", context, status=status)


def _back(request):
    return redirect(safe_next(request, request.POST.get("next")) or "account_email")


def _resend(request):
    address = email_change.pending(request.user) or email_change.current(request.user)
    if address.verified:
        messages.info(request, _("%(email)s is confirmed already.") % {"email": address.email})
        return _back(request)
    seconds = _mail_wait(request, address.email)
    if seconds:
        return _too_many(request, AddressForm(), seconds, "resend")
    if address.email != request.user.email and User.objects.filter(email=address.email).exists():
        # Somebody else's: it looks the same, and no mail goes out.
        pass
    else:
        address.send_confirmation(request)
    messages.success(request, _("We sent the email again, to %(email)s.") % {"email": address.email})
    return _back(request)


def _change(request):
    form = AddressForm(request.POST)
    if form.is_valid() and form.cleaned_data["email"] == request.user.email:
        form.add_error("email", _("This is your email already."))
    if not form.is_valid():
        form_pages.focus_first_error(form)
        return _page(request, form, 422)
    raise_if_reauthentication_required(request, app="allauth.account")
    new = form.cleaned_data["email"]
    seconds = _mail_wait(request, new)
    if seconds:
        return _too_many(request, AddressForm(initial={"email": request.POST["email"]}), seconds, "change")
    email_change.start(request, request.user, new)
    messages.success(request, _("We sent a link to %(email)s. Your email changes when you press it.") % {"email": new})
    return _back(request)


def _cancel(request):
    if email_change.cancel(request.user):
        messages.success(request, _("The change is cancelled. Your email stays %(email)s.") % {"email": request.user.email})
    return _back(request)


def _mail_wait(request, to):
    return rate_limits.wait(rate_limits.MAILS, rate_limits.network(request)) or rate_limits.wait(rate_limits.MAILS_TO, to)


def _too_many(request, form, seconds, action):
    words = rate_limits.sentence(seconds)
    response = _page(request, form, 429, wait_seconds=seconds, wait_sentence=words, action=action)
    return form_pages.with_retry_after(response, seconds)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited(rate_limits.LINKS)
def undo_change(request, token):
    """The page behind the link that the old address got: its button stops the change, without signing in."""
    try:
        user, new_email = email_change.from_undo(token)
    except (signing.BadSignature, User.DoesNotExist, ValueError, TypeError):
        return link_ended(request, "", None)
    waiting = email_change.pending(user)
    changed = user.email == new_email
    if not changed and (waiting is None or waiting.email != new_email):
        return link_ended(request, "replaced" if waiting else "over", None)
    if request.method == "POST" and not changed:
        email_change.cancel(user)
        return render(request, "account/email_undo.html", {"email": user.email, "done": True})
    return render(request, "account/email_undo.html", {"email": user.email, "new_email": new_email, "changed": changed})
