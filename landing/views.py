"""Signing up in the landing page: every state of the card, as a fragment for htmx and as the whole page for everybody else."""

import logging

from allauth.account.internal import flows
from allauth.account.models import EmailAddress
from allauth.account.views import SignupView
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from core.accounts import csrf, form_pages, passwords, providers, rate_limits, sign_in
from core.accounts.adapter import safe_next
from core.accounts.forms import SignInForm
from core.accounts.views import SignIn
from core.models import User
from landing.forms import SignUpForm, verdict
from landing.home import home_context

log = logging.getLogger("dimorph.accounts")

OPEN_FOR_A_WHILE = "This page was open for a while. Press {button} again."


class SignUp(form_pages.FormPage, SignupView):
    """POST creates an account and signs in, or says what is in the way. GET leads to the form on the landing page."""

    def limits(self):
        return [(rate_limits.SIGN_UP, rate_limits.network(self.request))]

    def get_form_class(self):
        return SignUpForm

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        # The button of the advice: the address that was meant takes the place of the one that was typed.
        meant = kwargs["data"].get("email_meant") if "data" in kwargs else None
        if meant:
            kwargs["data"] = {**kwargs["data"].dict(), "email": meant, "email_checked": meant}
        return kwargs

    def get(self, request, *args, **kwargs):
        next_url = self.get_next_url()
        query = f"?{urlencode({'next': next_url})}" if next_url else ""
        return redirect(f"{reverse('home')}{query}#join")

    def form_valid(self, form):
        email, password = form.cleaned_data["email"], form.cleaned_data["password1"]
        if form.taken:
            return self._known(form, email, password)
        if form.advice:
            return self.form_invalid(form)
        user = User(email=email, email_as_typed=form.data["email"].strip())
        # Before the transaction: hashing takes long, and it would hold the database's one writer meanwhile.
        user.set_password(password)
        try:
            with transaction.atomic():
                user.save()
                EmailAddress.objects.create(user=user, email=email, primary=True)
        except IntegrityError:
            # Somebody was faster with the same address, most likely the same person.
            return self._known(form, email, password)
        log.info("account created", extra={"user": user.pk})
        response = flows.signup.complete_signup(self.request, user=user, redirect_url=self.get_next_url())
        return self._on(response)

    def _known(self, form, email, password):
        """The address has an account: the right password signs in to it, any other turns the card into the sign-in card."""
        try:
            user = sign_in.verify(self.request, email, password)
        except sign_in.TooOften as error:
            return self.too_many(error.seconds)
        if user is None:
            return self._sign_in_card(form)
        self.request.signed_in_words = _("You already had an account. Signed in.")
        return self._on(sign_in.perform(self.request, user, self.get_next_url()))

    def _sign_in_card(self, form):
        card = SignInForm(request=self.request, initial={"login": form.data["email"].strip()})
        card["password"].focus = True
        context = {"form": card, "known": True, "announce": _("You already have an account"), "error_title": True}
        return show_card(self.request, "landing/_sign_in.html", context, 422)

    def form_invalid(self, form):
        wrong = form_pages.focus_first_error(form)
        if form.advice and wrong is not None and wrong.name == "password1":
            form.advice["focus"] = False
        things = len(form.errors) + bool(form.advice)
        context = {"form": form, "advice": form.advice, "error_title": True}
        if things > 1:
            context["slot"] = ngettext("%(count)s thing to fix.", "Two things to fix.", things) % {"count": things}
        elif wrong is not None:
            context["announce"] = wrong.errors[0]
        else:
            context["announce"] = form.advice["sentence"]
        return show_card(self.request, "landing/_signup.html", context, 422)

    def too_many(self, seconds):
        context = {
            "form": self.kept_form(),
            "error_title": True,
            "wait_seconds": seconds,
            "wait_sentence": rate_limits.sentence(seconds),
        }
        return form_pages.with_retry_after(show_card(self.request, "landing/_signup.html", context, 429), seconds)

    def _on(self, response):
        if isinstance(response, HttpResponseRedirect):
            return form_pages.go(self.request, response.url)
        return response


def show_card(request, card, context, status):
    """The card alone for htmx; for everybody else the landing page with the card in it."""
    context = {"next_url": safe_next(request, request.POST.get("next")), "providers": providers.offered(), **context}
    if request.htmx:
        return render(request, card, context, status=status)
    return render(request, "landing/home.html", {**home_context(request), **context, "card": card}, status=status)


@login_not_required
@never_cache
@require_safe
def sign_up_card(request):
    """The empty sign-up card, for the way back from the sign-in card."""
    return render(request, "landing/_signup.html", home_context(request))


@login_not_required
@never_cache
@require_POST
def password_verdict(request):
    """Three words, of which one fits the password as it stands: shown while a password that was turned down is being mended.

    Nothing is hashed, stored or logged, and no address is looked up.
    """
    if rate_limits.wait(rate_limits.VERDICTS, rate_limits.network(request)):
        return HttpResponse(status=429)
    found = passwords.weakness(request.POST.get("password1", ""), request.POST.get("email", ""))
    return render(request, "landing/_verdict.html", {"verdict": verdict(found[0]) if found else "good"})


class SignInCard(SignIn):
    """The sign-in card: GET gives an empty one, POST signs in without leaving the landing page. Only htmx comes here."""

    template_name = "landing/_sign_in.html"

    def form_valid(self, form):
        response = super().form_valid(form)
        if isinstance(response, HttpResponseRedirect):
            return form_pages.go(self.request, response.url)
        return response

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        errors = context["form"].errors if context["form"].is_bound else {}
        if len(errors) > 1:
            context["slot"] = _("Two things to fix.")
        elif errors:
            context["announce"] = next(iter(errors.values()))[0]
        return context


def csrf_refresh(request, reason=""):
    """What a form gets whose token is old: the card with a fresh one, or the page that keeps the text. core/views.py calls it."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    entrance = name in {"account_signup", "account_login", "fragment_sign_in"}
    if entrance and request.user.is_authenticated:
        # Signed in meanwhile, in another tab: there is nothing left to fill in.
        return HttpResponseClientRedirect("/") if request.htmx else redirect("home")
    if request.htmx and name == "account_signup":
        form = SignUpForm(initial={"email": request.POST.get("email", "")})
        context = {"form": form, "slot": _(OPEN_FOR_A_WHILE).format(button=_("Create account")), "button_focus": True}
        return show_card(request, "landing/_signup.html", context, 403)
    if request.htmx and name == "fragment_sign_in":
        form = SignInForm(request=request, initial={"login": request.POST.get("login", "")})
        context = {"form": form, "slot": _(OPEN_FOR_A_WHILE).format(button=_("Sign in")), "button_focus": True}
        return show_card(request, "landing/_sign_in.html", context, 403)
    return csrf.old_form_page(request, reason)


sign_up = method_decorator(never_cache, name="dispatch")(SignUp).as_view()
sign_in_card = SignInCard.as_view()
