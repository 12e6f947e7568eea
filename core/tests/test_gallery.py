"""The gallery: who may see it, that playing a state leaves nothing behind, what its pages say, and the switch on real pages."""

import asyncio
from urllib.parse import urlencode

import pytest
from django.core.management import call_command

from core.gallery import check, export, stage, states
from core.models import User

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/_gallery/",
    "/_gallery/?q=too+many",
    "/_gallery/?q=no+such+thing+anywhere",
    "/_gallery/sheet/",
    "/_gallery/foundations/colours/",
    "/_gallery/foundations/type/",
    "/_gallery/foundations/space/",
    "/_gallery/foundations/motion/",
    "/_gallery/foundations/icons/",
    "/_gallery/foundations/illustrations/",
    "/_gallery/foundations/covers/",
    "/_gallery/piece/landing/_signup/",
    "/_gallery/piece/base/",
    "/_gallery/state/landing/_signup/pristine/?theme=dark&dir=rtl&w=390",
    "/_gallery/play/landing/_signup/pristine/?language=pseudo&text=200&motion=reduce&grid=on",
    "/_gallery/state/account/email/verify_email_message/after-signing-up/",
    "/_gallery/text/account/email/verify_email_message/after-signing-up/",
]


@pytest.fixture
def developing(settings):
    settings.DEBUG = True


def a_mail():
    """The path of the first state that is a mail."""
    return next(state.path for state in check.every("verify_email_message"))


@pytest.mark.usefixtures("developing")
@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_it_can_be_seen_in_development_and_is_never_indexed(path, visitor):
    answer = visitor.get(path.replace("account/email/verify_email_message/after-signing-up", a_mail()))
    assert (answer.status_code, answer["X-Robots-Tag"]) == (200, "noindex, nofollow")


@pytest.mark.parametrize("path", ["/_gallery/", "/_gallery/play/landing/_signup/pristine/", "/_gallery/axe.js"])
def test_on_a_live_site_staff_see_it_when_the_setting_is_on_and_nobody_else(path, settings, visitor, member):
    member.user.is_staff = True
    member.user.save()
    assert member.get(path).status_code == 404
    settings.GALLERY = True
    assert member.get(path).status_code == 200
    assert visitor.get(path).status_code == 404
    member.user.is_staff = False
    member.user.save()
    assert member.get(path).status_code == 404


@pytest.mark.usefixtures("developing")
@pytest.mark.parametrize(
    "path", ["state/landing/_signup/no-such", "play/nowhere/at-all", "piece/landing/nothing", "foundations/none"]
)
def test_what_does_not_exist_is_not_found(path, visitor):
    assert visitor.get(f"/_gallery/{path}/").status_code == 404


def test_playing_every_state_leaves_no_row_no_mail_and_no_session(mailoutbox):
    from django.contrib.sessions.models import Session

    for state in check.every("account/"):
        asyncio.run(stage.play(state))
    assert (User.objects.count(), Session.objects.count(), len(mailoutbox)) == (0, 0, 0)


def test_every_state_renders_as_its_file_says():
    assert [finding for state in check.every() for finding in asyncio.run(check.findings(state))] == []


def test_no_link_of_a_played_mail_works_on_the_real_site():
    mail = asyncio.run(stage.play(states.find(a_mail())))
    [link] = set(stage.SIGNED.findall(mail.text + mail.html))
    assert link[0] == "/email/confirm/" and link[2] == "x" * 8


def test_a_state_that_shows_something_else_says_so():
    state = states.find("landing/_signup/pristine")
    wrong = states.State(**{**vars(state), "status": 422})
    with pytest.raises(stage.StateFailed, match="the answer has the status 200, and the file says 422"):
        asyncio.run(stage.play(wrong))


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ('<p id="a"></p><p id="a"></p>', "2 elements have the id a."),
        ("<p>{{ user }}</p>", "a template's own code is shown."),
        ('<p style="color: red">x</p>', "1 style attributes"),
        ("<p>x</p></section>", "</section> is not closed"),
        ('<svg><path fill="#fa0"/></svg>', "#fa0 is a colour that no theme can change."),
        ('<p class="mt-2 hover:bg-red-500">x</p>', "hover:bg-red-500 is a colour that no theme can change."),
        ("<h2>Why <em>choose</em> us</h2>", "the first two words of the heading “Why choose us” say nothing."),
    ],
)
def test_the_check_names_what_is_wrong_with_a_page(html, says):
    state = states.State("landing/_thing.html", "usual", "It.", get="/", bed="card")
    assert says in " ".join(check.in_html(html, state))


@pytest.mark.parametrize(
    ("heading", "empty"),
    [("Why choose us", True), ("Our story", False), ("How we work", True), ("Covers drawn", False), ("", False)],
)
def test_a_heading_that_says_nothing_is_told_from_one_that_does(heading, empty):
    assert check.says_nothing(heading) is empty


def test_a_framed_state_may_be_framed_here_and_sends_no_form(visitor, settings):
    settings.DEBUG = True
    answer = visitor.get("/_gallery/play/landing/_signup/pristine/")
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy and "form-action 'none'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_the_command_checks_and_counts(capsys):
    call_command("gallery", "landing/_signup", "--check")
    assert "no findings" in capsys.readouterr().out


def test_an_exported_page_needs_nothing_but_its_folder(tmp_path):
    chosen = asyncio.run(export.pages(tmp_path, "landing/home"))
    pages = sorted((tmp_path / "states").rglob("*.html"))
    assert len(pages) == 2 * len(chosen)
    for page in pages:
        for name, address in export.ADDRESS.findall(page.read_text()):
            assert name == "content", address
    assert list((tmp_path / "covers").glob("*.svg"))
    assert "landing/home.html" in (tmp_path / "index.html").read_text()


# The switch --------------------------------------------------------------------------------------------------------------------


def choose(client, **chosen):
    return client.post("/_gallery/switch/", {**chosen, "next": "/"})


@pytest.mark.usefixtures("developing")
def test_a_forced_state_answers_in_the_fragments_place(visitor, htmx):
    answer = choose(visitor, **{"landing/_promo_strip": "failed"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    strip = visitor.get("/fragments/promo-strip/", headers=htmx)
    assert (strip.status_code, strip["X-Fragment-State"]) == (200, "failed")


@pytest.mark.usefixtures("developing")
def test_a_forced_state_of_a_form_answers_what_is_sent(visitor, htmx):
    choose(visitor, **{"landing/_signup": "too-many-tries"})
    answer = visitor.post("/signup/", {"email": "ada@example.com", "password1": "three favourite books"}, headers=htmx)
    assert (answer.status_code, User.objects.count()) == (429, 0)


@pytest.mark.usefixtures("developing")
def test_reset_and_unknown_names_force_nothing(visitor, htmx):
    choose(visitor, **{"landing/_promo_strip": "failed"})
    choose(visitor, reset="yes")
    assert "workshop" not in {name for name, morsel in visitor.cookies.items() if morsel.value}
    choose(visitor, **{"landing/_promo_strip": "pink", "nowhere": "x"})
    assert not visitor.cookies["workshop"].value


@pytest.mark.usefixtures("developing")
@pytest.mark.parametrize("latency", ["²", "9" * 5000, "-1", "soon", ""])
def test_a_latency_that_is_no_number_is_none(visitor, htmx, latency):
    assert choose(visitor, latency=latency).status_code == 302
    assert not visitor.cookies["workshop"].value


def test_outside_development_the_cookie_means_nothing(visitor, htmx):
    visitor.cookies["workshop"] = urlencode({"landing/_promo_strip": "failed"})
    assert visitor.get("/fragments/promo-strip/", headers=htmx)["X-Fragment-State"] != "failed"
    assert choose(visitor, **{"landing/_promo_strip": "failed"}).status_code == 404
