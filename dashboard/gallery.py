"""What the gallery's people have on their desk. core/settings.py names `furnish` in GALLERY_FACTS."""

from django.utils import timezone

from dashboard.models import Desk, Favourite

BOOKS = (
    ("frankenstein", "Frankenstein", "Mary Shelley"),
    ("jane-eyre", "Jane Eyre", "Charlotte Brontë"),
    ("moby-dick", "Moby-Dick", "Herman Melville"),
    ("middlemarch", "Middlemarch", "George Eliot"),
)


def furnish(user, facts, settled):
    """Store favourites (how many) and whether the welcome panel is closed (welcome = false) for a person of the cast."""
    now = timezone.now()
    told = None if facts.get("untold") else now
    count = facts.get("favourites", 3 if settled else 0)
    Favourite.objects.bulk_create(
        Favourite(user=user, item=item, title=title, author=author, picked_at=now, told_at=told)
        for item, title, author in BOOKS[:count]
    )
    if not facts.get("welcome", not settled):
        Desk.objects.create(user=user, welcome_closed_at=now)
