"""That a page which is sent to many has each reader's own value in it, plain and compressed, and lets nobody guess it."""

import gzip
import string

import pytest
from hypothesis import given, settings, strategies

from core import middleware, pages
from core.packed import Packed
from core.tests.asgi_client import asked

SLOT = "the-slot"
TEXTS = strategies.lists(strategies.text(max_size=200).filter(lambda text: "slot" not in text), min_size=1, max_size=5)


@settings(max_examples=60)
@given(TEXTS, strategies.text(string.ascii_letters, min_size=8, max_size=8))
def test_any_page_unpacks_to_the_same_text_with_the_value_in_it(parts, value):
    packed = Packed(SLOT.join(parts), SLOT, 8)
    assert gzip.decompress(packed.gzip(value.encode())).decode() == value.join(parts)
    assert packed.plain(value.encode()).decode() == value.join(parts)


def test_a_page_that_repeats_itself_around_its_slots_is_unpacked_whole():
    text = SLOT.join(["<p>the same words, the same words</p>" * 50] * 4)
    value = "the same words, the same words".ljust(64)
    assert gzip.decompress(Packed(text, SLOT, 64).gzip(value.encode())).decode() == text.replace(SLOT, value)


def test_the_length_of_the_answer_is_the_same_whatever_the_value_is():
    packed = Packed(f"aaaaaaaa bbbbbbbb {SLOT} aaaaaaaa", SLOT, 8)
    assert len({len(packed.gzip(value)) for value in (b"aaaaaaaa", b"bbbbbbbb", b"x7Qz0pLm")}) == 1


def test_a_value_of_another_length_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        Packed(SLOT, SLOT, 8).gzip(b"short")


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("br;q=1, gzip;q=0.1", True),
        ("gzip;q=0", False),
        ("br, gzip; q=0.0, x", False),
        ("", False),
        ("br", False),
        ("gzipped", False),
    ],
)
def test_only_a_browser_that_offers_gzip_gets_it(offered, taken):
    assert bool(pages.GZIP.search(offered)) is taken


def test_a_compressed_landing_page_says_so_and_is_the_same_page(monkeypatch):
    from core import views

    monkeypatch.setattr(views.landing_reuse, "seconds", 60)
    reply = asked("/", headers={"accept-encoding": "gzip, br"})
    assert reply.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in reply.headers["vary"]
    assert gzip.decompress(reply.body).decode().rstrip().endswith("</html>")


@pytest.mark.parametrize("alphabet", [string.ascii_letters + string.digits, "ab", string.digits])
def test_every_letter_of_a_token_is_equally_likely(alphabet):
    letters, left_out = middleware.letters_of(alphabet)
    kept = bytes(range(256)).translate(letters, left_out).decode()
    assert len({kept.count(letter) for letter in alphabet}) == 1
    assert set(kept) == set(alphabet)


@pytest.mark.parametrize("length", [1, 32, 500])
def test_a_token_has_the_length_and_the_letters_that_were_asked_for(length):
    drawn = middleware.random_letters(length, string.ascii_letters)
    assert len(drawn) == length
    assert set(drawn) <= set(string.ascii_letters)
    assert length == 1 or drawn != middleware.random_letters(length, string.ascii_letters)


def test_django_draws_its_form_tokens_that_way():
    from django.middleware import csrf

    assert csrf._get_new_csrf_string.__globals__["get_random_string"] is middleware.random_letters
