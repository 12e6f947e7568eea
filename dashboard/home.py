"""What the member's home page knows before any service answers. core/urls.py names `home_context`."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from asgiref.sync import sync_to_async

from dashboard.favourites import LEAST
from dashboard.models import Desk, Favourite


@dataclass(frozen=True, slots=True)
class Step:
    """One of the three first steps, with its real state."""

    name: str
    label: str
    hint: str
    done: bool


async def home_context(user) -> dict:
    """Everything the page shows of this member, asked of the database in one go:

    name ("" when unknown), address, email_unverified, favourites (a count), picking (the shelf still needs picks),
    welcome (show the panel), steps (a list of Step).
    """
    return await sync_to_async(_home_context)(user)


def _home_context(user) -> dict:
    favourites = Favourite.objects.filter(user_id=user.pk).count()
    verified = EmailAddress.objects.filter(user_id=user.pk, email__iexact=user.email, verified=True).exists()
    closed = Desk.objects.filter(user_id=user.pk, welcome_closed_at__isnull=False).exists()
    steps = first_steps(favourites, verified)
    return {
        "name": user.name.strip(),
        "address": user.email_as_typed or user.email,
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
    return Step("picks", "Pick three books you love", "Done. Your shelf follows them." if done else "Your shelf starts from them.", done)
