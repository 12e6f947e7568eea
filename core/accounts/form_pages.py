"""What every page with an account form does alike: 422 that keeps what was typed, the focus, and 429 with the time to wait."""

from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from core.accounts import rate_limits


class FormPage:
    """Mixin in front of one of allauth's form views.

    Templates get `form`, `next_url` (a path of this site or None), `error_title` (true when the title starts with "Error: "),
    and after too many tries `wait_seconds` and `wait_sentence`.
    """

    def limits(self):
        """(Limit, subject) pairs that count a POST before anything else is done with it."""
        return ()

    def post(self, request, *args, **kwargs):
        for limit, subject in self.limits():
            seconds = rate_limits.wait(limit, subject)
            if seconds:
                return self.too_many(seconds)
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form):
        seconds = getattr(form, "too_often", 0)
        if seconds:
            return self.too_many(seconds)
        focus_first_error(form)
        return self.render_to_response(self.get_context_data(form=form, error_title=True), status=422)

    def too_many(self, seconds):
        """The same page with everything but passwords still in it, and the time to wait."""
        context = self.get_context_data(
            form=self.kept_form(), error_title=True, wait_seconds=seconds, wait_sentence=rate_limits.sentence(seconds)
        )
        return with_retry_after(self.render_to_response(context, status=429), seconds)

    def kept_form(self):
        """A form that shows what was sent without judging it. Passwords are never sent back."""
        kwargs = self.get_form_kwargs()
        sent = kwargs.pop("data", {})
        kwargs.pop("files", None)
        kwargs["initial"] = {**kwargs.get("initial", {}), **{name: sent[name] for name in sent if "password" not in name}}
        return self.get_form_class()(**kwargs)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if hasattr(self, "get_next_url"):
            context["next_url"] = self.get_next_url()
        return context


def focus_first_error(form):
    """Mark the first wrong field: templates give it the focus through `form.<name>.focus`."""
    for field in form:
        if field.errors:
            field.focus = True
            return field
    return None


def with_retry_after(response, seconds):
    response["Retry-After"] = str(seconds)
    return response


def go(request, url):
    """Send a form's sender on to `url`. Only the home page can take over the page by itself; htmx opens anything else."""
    if request.htmx and url.partition("?")[0] != "/":
        return HttpResponseClientRedirect(url)
    return redirect(url)
