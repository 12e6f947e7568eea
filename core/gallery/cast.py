"""The people of the gallery. They are made inside the transaction of the state that they visit, and are gone with it.

visitor    nobody is signed in
newcomer   Ada, who has just signed up: nothing picked, address not confirmed
reader     Ada with three favourites and a confirmed address
staff      the reader, as a member of staff

`facts` of a states file change what is so about them: name, email, verified, password (false: none yet), pending (an address
that waits for confirmation), and what the apps in settings.GALLERY_FACTS understand, such as favourites and welcome.
"""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.module_loading import import_string

from core.models import User

EMAIL = "ada@library.example"
PASSWORD = "seven quiet lanterns"  # noqa: S105 - nobody can sign in with it: the account is never stored


def enter(who, facts):
    """The stored User for this person of the cast, or None for a visitor without an account."""
    if who == "visitor" and not facts:
        return None
    email = facts.get("email", EMAIL)
    settled = who in ("reader", "staff")
    user = User(
        email=email,
        email_as_typed=email,
        name=facts.get("name", "Ada" if settled else ""),
        is_staff=who == "staff",
        is_active=facts.get("active", True),
        password=make_password(PASSWORD if facts.get("password", True) else None),
    )
    user.save()
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=facts.get("verified", settled))
    if pending := facts.get("pending"):
        EmailAddress.objects.create(user=user, email=pending, primary=False, verified=False)
    for provider in facts.get("connected", ()):
        told = {"name": "Ada", **({"login": "ada"} if provider == "github" else {"email": email})}
        SocialAccount.objects.create(user=user, provider=provider, uid=f"gallery-{provider}", extra_data=told)
    for name in settings.GALLERY_FACTS:
        import_string(name)(user, facts, settled)
    return user
