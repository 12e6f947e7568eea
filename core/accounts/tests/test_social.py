"""Google and GitHub: there when their two variables are set, and otherwise nowhere.

Settings and addresses are read once, so each case is a process of its own.
"""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

GOOGLE = {"GOOGLE_CLIENT_ID": "an-id", "GOOGLE_CLIENT_SECRET": "a-secret"}
GITHUB = {"GITHUB_CLIENT_ID": "an-id", "GITHUB_CLIENT_SECRET": "a-secret"}


def site(tmp_path, **variables):
    """What social_site.py found on a site with these variables: a dictionary, or the error it stopped with."""
    environment = {**os.environ, "VAR_DIR": str(tmp_path), **variables}
    command = [sys.executable, "-m", "core.accounts.tests.social_site"]
    done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=120)
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    return site(tmp_path_factory.mktemp("var"), **GOOGLE, **GITHUB)


def test_without_the_variables_there_is_no_trace_of_them(tmp_path):
    found = site(tmp_path)
    assert found["buttons"] == {"/": [], "/login/": [], "/fragments/sign-in/": []}
    assert set(found["statuses"].values()) == {404} and "google" not in found["policy"]


def test_one_of_them_alone_shows_one_button(tmp_path):
    found = site(tmp_path, **GITHUB)
    assert found["buttons"]["/"] == ["Continue with GitHub"]
    assert found["statuses"]["/google/login/"] == 404 and found["statuses"]["/github/login/"] == 200


def test_half_a_pair_stops_the_start_with_a_sentence(tmp_path):
    assert "GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET go together." in site(tmp_path, GOOGLE_CLIENT_ID="an-id")


def test_with_both_every_way_in_offers_them(both):
    names = ["Continue with Google", "Continue with GitHub"]
    assert both["buttons"] == {"/": names, "/login/": names, "/fragments/sign-in/": names}


def test_the_button_leads_to_the_provider_and_the_policy_lets_the_form_go_there(both):
    assert both["google"].startswith("https://accounts.google.com/") and both["github"].startswith("https://github.com/")
    assert "form-action 'self' https://accounts.google.com https://github.com" in both["policy"]


def test_their_pages_are_ours(both):
    assert both["statuses"] == {
        "/google/login/": 200,
        "/github/login/": 200,
        "/social/cancelled/": 200,
        "/social/error/": 401,
        "/google/login/callback/": 401,
    }
    assert both["member"] == {"/settings/": 200, "/settings/sign-in/": 200}
    assert both["foreign"] == []


def test_a_known_address_is_not_handed_to_whoever_has_it_at_a_provider(both):
    assert both["taken"] == {"redirect": "/social/signup/", "signed_in": False, "users": 1, "refused": 422}


def test_a_new_address_from_a_provider_makes_one_account_with_one_spelling(both):
    assert both["new"] == {
        "redirect": "/",
        "email": "grace@example.com",
        "name": "Grace Hopper",
        "addresses": ["grace@example.com"],
    }
