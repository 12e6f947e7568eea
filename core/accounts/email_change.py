"""Changing an address: the new one is kept aside until its owner confirms it, and the old one is told at once and may stop it."""

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction
from django.urls import reverse

from core.accounts import mails
from core.models import User

SALT = "core.accounts.email_change"
UNDO_SECONDS = 7 * 24 * 3600


def current(user):
    """The address the person signs in with, as allauth stores it."""
    address, _made = EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": True})
    return address


def pending(user):
    """The address that waits for confirmation, or None."""
    return EmailAddress.objects.filter(user=user, verified=False).exclude(email=user.email).order_by("-pk").first()


def start(request, user, email):
    """Keep `email` aside, ask its owner and tell the old address. Somebody else's address looks just the same from outside."""
    with transaction.atomic():
        cancel(user)
        # A second press at the same moment may have stored it since.
        address, _made = EmailAddress.objects.get_or_create(user=user, email=email)
    if User.objects.filter(email=email).exclude(pk=user.pk).exists():
        mails.send("account_already_exists", email, {"url": request.build_absolute_uri(reverse("account_login"))})
    else:
        address.send_confirmation(request)
    undo = reverse("account_email_undo", args=[signing.dumps([user.pk, email], salt=SALT)])
    mails.send(
        "email_change_old",
        user.email,
        {"user": user, "new_email": email, "url": request.build_absolute_uri(undo), "device": mails.device(request)},
    )
    return address


def cancel(user):
    """Forget the address that waits. True when there was one."""
    gone, _details = EmailAddress.objects.filter(user=user, verified=False).exclude(email=user.email).delete()
    return bool(gone)


def from_undo(token):
    """(user, new address) of the link in the mail to the old address. Raises signing.BadSignature or User.DoesNotExist."""
    pk, email = signing.loads(token, salt=SALT, max_age=UNDO_SECONDS)
    return User.objects.get(pk=pk), email
