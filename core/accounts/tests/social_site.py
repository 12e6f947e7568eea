"""Looks around a site that is set up by environment variables, and prints what it found as JSON, for test_social.py."""

import json
import os
import re
import sys

PUBLIC = ("/google/login/", "/github/login/", "/social/cancelled/", "/social/error/", "/google/login/callback/")
# Marks of allauth's own templates.
FOREIGN = re.compile(r"third-party|Menu:|<p>\s*You are about to|Sign In Via")


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "core.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    call_command("migrate", verbosity=0)
    setup_test_environment()
    json.dump(look_around(list(settings.SOCIALACCOUNT_PROVIDERS)), sys.stdout)


def look_around(providers):
    from django.test import Client

    from core.models import User

    visitor, pages = Client(), []

    def page(client, url):
        reply = client.get(url)
        pages.append((url, reply.content.decode()))
        return reply

    found = {
        "buttons": {
            url: re.findall(r">(Continue with \w+)<", page(visitor, url).content.decode())
            for url in ("/", "/login/", "/fragments/sign-in/")
        },
        "statuses": {url: page(visitor, url).status_code for url in PUBLIC},
        "policy": visitor.get("/").headers["Content-Security-Policy"],
    }
    for provider in providers:
        found[provider] = visitor.post(f"/{provider}/login/").headers["Location"]
    if len(providers) == 2:
        known = User.objects.create_user("ada@example.com", "three favourite books")
        found["taken"] = arrive("Ada@Example.com", "Ada")
        found["new"] = arrive("Grace@Example.com", "Grace\u202e  Hopper")
        member = Client()
        member.force_login(known)
        found["member"] = {url: page(member, url).status_code for url in ("/settings/", "/settings/sign-in/")}
    found["foreign"] = [url for url, html in pages if FOREIGN.search(html)]
    return found


def arrive(email, name):
    """Come back from GitHub as somebody with this address. The provider's own answer is what allauth would have made of it."""
    from allauth.core import context
    from allauth.socialaccount.adapter import get_adapter
    from allauth.socialaccount.helpers import complete_social_login
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.messages.storage.session import SessionStorage
    from django.test import Client, RequestFactory

    from core.models import User

    client = Client()
    client.get("/login/")
    session = client.session
    request = RequestFactory().get("/github/login/callback/")
    request.session, request.user = session, AnonymousUser()
    request._messages = SessionStorage(request)
    with context.request_context(request):
        provider = get_adapter(request).get_provider(request, "github")
        person = {"id": sum(map(ord, email)), "login": "x", "name": name, "email": email}
        login = provider.sociallogin_from_response(request, person)
        login.state = {"process": "login"}
        response = complete_social_login(request, login)
    session.save()
    user = User.objects.filter(email=email.lower()).first()
    if response.url != "/":
        client.cookies["sessionid"] = session.session_key
        refused = client.post("/social/signup/", {"email": email}).status_code
        return {
            "redirect": response.url,
            "signed_in": "_auth_user_id" in session,
            "users": User.objects.filter(email=email.lower()).count(),
            "refused": refused,
        }
    addresses = list(user.emailaddress_set.values_list("email", flat=True))
    return {"redirect": response.url, "email": user.email, "name": user.name, "addresses": addresses}


if __name__ == "__main__":
    main()
