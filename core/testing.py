"""Fixtures that every test may use: the cast (visitor, member, stranger) and a client that speaks as htmx does."""

import pytest
from django.test import AsyncClient, Client

PASSWORD = "three favourite books"


def person(email, **fields):
    from allauth.account.models import EmailAddress

    from core.models import User

    user = User.objects.create_user(email=email, password=PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    return user


@pytest.fixture(autouse=True)
def clean_cache():
    """Each test starts without anybody's cached sessions, answers or rendered pages."""
    from django.core.cache import cache

    from core.microservices import last_good
    from core.views import landing_reuse

    cache.clear()
    last_good.let_go()
    landing_reuse.pages.clear()


@pytest.fixture
def visitor():
    """The client of somebody who is not signed in."""
    return Client()


@pytest.fixture
def member(db):
    """The client of somebody with an account; `member.user` is that account."""
    return signed_in(person("ada@example.com", name="Ada"))


@pytest.fixture
def stranger(db):
    """The client of another member, who must not see what is Ada's."""
    return signed_in(person("sam@example.com", name="Sam"))


def signed_in(user):
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def async_visitor():
    return AsyncClient()


@pytest.fixture
def async_member(member):
    client = AsyncClient()
    client.cookies = member.cookies
    client.user = member.user
    return client


@pytest.fixture
def htmx():
    """Headers of a request that htmx makes from the home page."""
    return {"HX-Request": "true", "HX-Current-URL": "http://testserver/", "HX-Request-Type": "partial"}
