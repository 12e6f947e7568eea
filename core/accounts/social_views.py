"""The pages around signing in with Google or GitHub. They exist only when one of the two is set up, see urls.py."""

from allauth.socialaccount.views import ConnectionsView, LoginCancelledView, LoginErrorView, SignupView
from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from core.accounts import form_pages, providers, rate_limits


@method_decorator([login_not_required, never_cache], name="dispatch")
class SocialSignUp(form_pages.FormPage, SignupView):
    """Asks for an address when the other service gave none, or one that has an account here already."""

    template_name = "socialaccount/signup.html"

    def limits(self):
        return [(rate_limits.SIGN_UP, rate_limits.network(self.request))]


@method_decorator(never_cache, name="dispatch")
class Connections(form_pages.FormPage, ConnectionsView):
    """The services that a person signs in with, and the buttons to add and remove them."""

    template_name = "socialaccount/connections.html"

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "providers": providers.offered()}


cancelled = LoginCancelledView.as_view(template_name="socialaccount/login_cancelled.html")
# allauth forgot that nobody is signed in when this page is needed.
failed = login_not_required(LoginErrorView.as_view(template_name="socialaccount/authentication_error.html"))
