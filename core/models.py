"""What every page may know: people, and the counts that keep strangers from trying too often."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """A stored person. Raises core.accounts.addresses.AddressError when the address cannot be one."""
        from core.accounts.addresses import canonical

        user = self.model(email=canonical(email), email_as_typed=email.strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        from core.accounts.addresses import AddressError, canonical

        try:
            return self.get(email=canonical(email))
        except AddressError as error:
            raise self.model.DoesNotExist from error


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an email address. There is no username."""

    # One spelling for each mailbox (core.accounts.addresses.canonical): it is what makes an address unique, and where mail goes.
    email = models.EmailField(unique=True)
    # What the person wrote, for showing it back to them.
    email_as_typed = models.CharField(max_length=320, blank=True)
    name = models.CharField(max_length=320, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    def __str__(self):
        # No address: this ends up in logs and in the admin's history.
        return f"Person {self.pk}"


class RateCount(models.Model):
    """How often one subject did one thing since its window opened. core/accounts/rate_limits.py is the only one to write it."""

    # A keyed hash of what is counted: no address of a person or a network is stored.
    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    # Seconds since 1970: whole numbers compare alike in every database.
    ends_at = models.BigIntegerField(db_index=True)
