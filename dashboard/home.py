"""What the member's home page knows before any service answers. core/urls.py names `home_context`."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress

from core.accounts import email_change
from dashboard.favourites import LEAST
from dashboard.models import Desk, Favourite


@dataclass(frozen=True, slots=True)
class Step:
    """One of the three first steps, with its real state."""

    name: str
    label: str
    hint: str
    done: bool


def home_context(user) -> dict:
    """Everything the page shows of this member; asks the database, so it is loaded together with the user:

    name ("" when unknown), address, email_unverified, favourites (a count), picking (the shelf still needs picks),
    welcome (show the panel), steps (a list of Step).
    """
    favourites = Favourite.objects.filter(user_id=user.pk).count()
    verified = EmailAddress.objects.filter(user_id=user.pk, email=user.email, verified=True).exists()
    waiting = None if verified else email_change.pending(user)
    closed = Desk.objects.filter(user_id=user.pk, welcome_closed_at__isnull=False).exists()
    steps = first_steps(favourites, verified)
    return {
        "name": user.name.strip(),
        "address": waiting.email if waiting else user.email_as_typed or user.email,
        "email_unverified": not verified,
        "favourites": favourites,
        "picking": favourites < LEAST,
        "steps": steps,
        "welcome": not closed and not all(step.done for step in steps),
    }


def first_steps(favourites: int, verified: bool) -> list[Step]:
    return [
        Step("account", "Create your account", "Done. This desk is yours.", True),
        picked_step(favourites),
        Step("email", "Confirm your email", "Open the link we sent you." if not verified else "Done.", verified),
    ]


def picked_step(favourites: int) -> Step:
    done = favourites >= LEAST
    hint = "Done. Your shelf follows them." if done else "Your shelf starts from them."
    return Step("picks", "Pick three books you love", hint, done)
