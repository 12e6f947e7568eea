"""What a member left on their desk: the books they said they love, and whether they closed the welcome panel."""

from django.conf import settings
from django.db import models


class Favourite(models.Model):
    """A book this reader loves. Title and author are kept, so that the desk can name it when no service answers."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favourites")
    # The book's id in the recommendations service.
    item = models.CharField(max_length=100)
    title = models.CharField(max_length=200)
    author = models.CharField(max_length=200, blank=True)
    picked_at = models.DateTimeField()
    # When the recommendations service took notice; null while it has yet to be told.
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("picked_at", "pk")
        constraints = (models.UniqueConstraint(fields=["user", "item"], name="a_favourite_once"),)

    def __str__(self):
        return self.title


class Desk(models.Model):
    """One row for a member who arranged something about their home page."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="desk")
    welcome_closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"Desk {self.pk}"
