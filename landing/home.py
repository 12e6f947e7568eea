"""What the landing page knows before anybody did anything. core/urls.py names `home_context`."""

from core.accounts import providers
from core.accounts.adapter import safe_next
from landing.forms import SignUpForm


def home_context(request):
    """form (an empty SignUpForm), next_url (a path of this site or None) and providers (other ways to sign up)."""
    return {"form": SignUpForm(), "next_url": safe_next(request, request.GET.get("next")), "providers": providers.offered()}
