"""The password policy: one number drives everything, and the list of common ones reaches as far as the policy asks."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts import passwords
from core.accounts.common_passwords import build
from core.accounts.hashing import BoundedArgon2

GOOD = [
    "seven quiet lanterns",
    "Zwölf grüne Fahrräder",
    "correct me if that is wrong",
    "blue-otter-harbor",
    "日本語のパスワードは長くて安全",
    "three favourite books",
    "kT9$vR2!mQ8z",
    "my dog ate 14 pears",
    "tangerine piano cloud",
    "🦊🐢 walk to the old mill",
    "9135 0277 4486 3319",
]


def rule(password, email=""):
    found = passwords.weakness(password, email)
    return found and found[0]


@pytest.mark.parametrize("password", GOOD)
def test_a_good_passphrase_is_accepted(password):
    assert passwords.weakness(password, "grace.hopper@example.com") is None


@pytest.mark.parametrize(("length", "missing"), [(1, 11), (8, 4), (11, 1)])
def test_a_short_one_says_how_many_are_missing(length, missing):
    found = passwords.weakness("kT9$vR2!mQ8z"[:length])[1]
    assert found == f"Password needs 12 or more characters. Add {missing} more."


def test_characters_are_counted_as_code_points():
    assert rule("é" * 3 + "ßxyqwvkj") == "too_short" and len("é" * 3 + "ßxyqwvkj") == 11
    assert rule("🦊🐢🐙🦉🐝🦋🐌🐞🐜🦗🐍🦎") is None


def test_one_setting_drives_hint_sentence_and_validator(settings):
    settings.PASSWORD_MIN_LENGTH = 15
    assert passwords.hint().startswith("15 characters or more.")
    assert passwords.weakness("kT9$vR2!mQ8z")[1] == "Password needs 15 or more characters. Add 3 more."
    assert passwords.PolicyValidator().get_help_text() == passwords.hint()


def test_the_first_reason_is_the_most_useful_one():
    assert rule("grace", "grace@example.com") == "too_short"
    assert rule("password1234", "password@example.com") == "too_common"
    assert rule("grace in the garden", "grace@example.com") == "contains_email"
    assert rule("my Dimorph secret") == "contains_site"
    assert rule("x" * 5000) == "too_long"


def test_128_characters_and_more_are_welcome():
    random.seed(7)
    assert rule("".join(chr(random.randrange(0x4E00, 0x9FFF)) for _ in range(128))) is None


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "Password2024!", "PASSWORD123456", "passwordpassword", "pass word pass word", "p@ssw0rd1234",
        "qwertyuiop123", "qwertyuiop[]", "asdfghjkl;'a", "1qaz2wsx3edc", "1q2w3e4r5t6y", "123456789012", "098765432109",
        "abcdefghijkl", "aaaaaaaaaaaa", "abcabcabcabc", "111111111111", "iloveyou2025", "Iloveyou!!!!", "letmeinletmein",
        "welcome12345", "dragonmonkey", "sunshine1234", "football2023", "administrator", "qwertzuiop123", "azertyuiop123",
        "121212121212", "monkey monkey", "princess!123", "1234qwer1234", "zaq12wsxcde3", "asdfasdfasdf", "michael12345",
    ],
)  # fmt: skip
def test_what_attackers_try_first_is_refused(password):
    assert rule(password) == "too_common"


def test_the_list_covers_every_length_that_a_policy_may_ask_for():
    long_ones = [entry for entry in passwords.common_passwords() if len(entry) >= 12]
    assert len(long_ones) >= 3000
    for length in range(12, 17):
        assert sum(len(entry) >= length for entry in long_ones) >= 3000, length


@pytest.mark.parametrize("length", [8, 12, 15])
def test_the_top_of_djangos_list_is_refused_when_it_is_lengthened(settings, length):
    settings.PASSWORD_MIN_LENGTH = length
    for word in build.django_list()[:500]:
        doubled = word * (length // len(word) + 1)
        assert rule(doubled) == "too_common", doubled


def test_the_file_is_what_its_script_writes():
    chosen = {entry for entry in build.entries() if build.MIN_LENGTH <= len(entry) <= 40}
    assert {entry.casefold() for entry in chosen} <= passwords.common_passwords()


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=12, max_size=128))
def test_judging_never_fails_whatever_is_typed(password):
    found = passwords.weakness(password, "ada@example.com")
    assert found is None or found[1].endswith(".")


def test_hashes_are_argon2id_at_the_parameters_that_were_chosen():
    hasher = BoundedArgon2()
    encoded = hasher.encode("seven quiet lanterns", hasher.salt())
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert hasher.verify("seven quiet lanterns", encoded) and not hasher.verify("Seven quiet lanterns", encoded)
