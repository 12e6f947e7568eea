"""Demo content of a fresh development database: a member and a member of staff to sign in as. Never put in with DEBUG off."""

from django.conf import settings

PASSWORD = "three favourite books"
PEOPLE = (
    {"email": "ada@example.com", "name": "Ada"},
    {"email": "staff@example.com", "name": "Sam", "is_staff": True, "is_superuser": True},
)


def wanted():
    """Whether this database is a development one that nobody has used yet."""
    from core.models import User

    return settings.DEBUG and not User.objects.exists()


def put_in():
    from allauth.account.models import EmailAddress
    from django.db import transaction

    from core.models import User

    with transaction.atomic():
        for person in PEOPLE:
            user = User.objects.create_user(password=PASSWORD, **person)
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def sign_ins():
    """Lines that tell a developer how to sign in, while the demo people are there."""
    from core.models import User

    emails = [person["email"] for person in PEOPLE]
    if User.objects.filter(email__in=emails).count() < len(emails):
        return []
    return [f"Sign in as {' or '.join(emails)}, password: {PASSWORD}"]
