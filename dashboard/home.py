"""What the member's home page knows before any service answers. core/urls.py names `home_context` and `at_hand`."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress

from core.accounts import email_change
from dashboard import favourites, fragments
from dashboard.favourites import LEAST
from dashboard.models import Desk


@dataclass(frozen=True, slots=True)
class Step:
    """One of the three first steps, with its real state."""

    name: str
    label: str
    hint: str
    done: bool


def home_context(user) -> dict:
    """Everything the page shows of this member; asks the database, so it is loaded together with the user:

    name ("" when unknown), address, email_unverified, loved (a list of Loved), favourites (how many those are),
    picking (the shelf still needs picks), welcome (show the panel), steps (a list of Step).
    """
    loved = favourites.loved(user.pk)
    verified = EmailAddress.objects.filter(user_id=user.pk, email=user.email, verified=True).exists()
    waiting = None if verified else email_change.pending(user)
    closed = Desk.objects.filter(user_id=user.pk, welcome_closed_at__isnull=False).exists()
    steps = first_steps(len(loved), verified)
    return {
        "name": user.name.strip(),
        "address": waiting.email if waiting else user.email_as_typed or user.email,
        "email_unverified": not verified,
        "loved": loved,
        "favourites": len(loved),
        "picking": len(loved) < LEAST,
        "steps": steps,
        "welcome": not closed and not all(step.done for step in steps),
    }


async def at_hand(user, context) -> dict:
    """What need not be loaded after the page: promos and shelf, as their templates take them; None for one that must be."""
    found = await fragments.at_hand(user.pk, context["loved"])
    return {"promos": found.promos, "shelf": found.shelf}


def first_steps(loved: int, verified: bool) -> list[Step]:
    return [
        Step("account", "Create your account", "Done. This desk is yours.", True),
        picked_step(loved),
        Step("email", "Confirm your email", "Open the link we sent you." if not verified else "Done.", verified),
    ]


def picked_step(loved: int) -> Step:
    done = loved >= LEAST
    hint = "Done. Your shelf follows them." if done else "Your shelf starts from them."
    return Step("picks", "Pick three books you love", hint, done)
