"""Coming back from Google or GitHub, for states in which somebody has been there: the gallery asks neither of them.

States files name `from_elsewhere` as the view of a visit that comes first. What it is given as data is what the service says:
provider, id, name, email; and process = "connect" when somebody signed in adds another way. All that follows is allauth's own.
"""

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from django.contrib.auth.decorators import login_not_required


@login_not_required
def from_elsewhere(request):
    given = request.POST
    provider = get_adapter(request).get_provider(request, given["provider"])
    login = provider.sociallogin_from_response(request, said(given))
    login.state = {"process": given.get("process", "login")}
    return complete_social_login(request, login)


def said(given):
    """What the service answers about a person, as both of them spell it."""
    person = {"name": given.get("name", "Ada"), "email": given.get("email") or None}
    if given["provider"] == "google":
        return {"sub": given.get("id", "1"), "email_verified": True, **person}
    return {"id": given.get("id", "1"), "login": "ada", **person}
