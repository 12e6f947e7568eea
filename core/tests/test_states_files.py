"""States files: what a good one gives, and the sentence that a wrong or missing one gets."""

import pytest

from core.gallery import check, facts, states

ABOUT = 'about = "One sees it."'


def read(tmp_path, text, name="landing/_thing.html", comment=""):
    file = tmp_path / "_thing.html"
    file.write_text(comment + "<p>Thing</p>", encoding="utf-8")
    if text is not None:
        (tmp_path / "_thing.states.toml").write_text(text, encoding="utf-8")
    return states.piece(name, file)


def test_a_state_has_a_name_a_sentence_and_a_request(tmp_path):
    piece = read(tmp_path, f'[states.usual]\n{ABOUT}\nget = "/fragments/thing/"\n')
    [state] = piece.states
    assert (state.path, state.about, state.get, state.bed) == (
        "landing/_thing/usual",
        "One sees it.",
        "/fragments/thing/",
        "card",
    )
    assert state.htmx


def test_what_a_template_is_comes_from_its_own_comment(tmp_path):
    piece = read(tmp_path, f'[states.usual]\n{ABOUT}\nget = "/"\n', comment="{% comment %}A thing. Context: it.{% endcomment %}")
    assert (piece.about, piece.documentation) == ("A thing.", "A thing. Context: it.")


def test_a_part_may_be_shown_by_another_template(tmp_path):
    piece = read(tmp_path, 'shown_by = ["landing/home.html"]\n')
    assert (piece.states, piece.shown_by) == ((), ("landing/home.html",))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "Write"),
        ("", "either"),
        ("[states.usual", "cannot be read"),
        (f'[states.usual]\n{ABOUT}\nget = "/"\ncolour = "red"\n', "colour means nothing here"),
        ('[states.usual]\nget = "/"\n', "say in about"),
        (f"[states.usual]\n{ABOUT}\n", "write one of get, post"),
        (f'[states.usual]\n{ABOUT}\nget = "/"\npost = "/"\n', "there are 2"),
        (f'[states.Usual]\n{ABOUT}\nget = "/"\n', "small letters"),
        (f'[states.usual]\n{ABOUT}\nget = "/"\nwho = "everybody"\n', "Known are visitor, newcomer"),
        (f'[states.usual]\n{ABOUT}\nget = "/"\nnetwork = "slow"\n', "network is 'slow'"),
        (f'[states.usual]\n{ABOUT}\nget = "/"\nplay = [["dance"]]\n', "a step of play"),
        (f'[states.usual]\n{ABOUT}\nget = "/"\nstatus = "422"\n', "status is a int"),
        (f'[states.usual]\n{ABOUT}\nget = "/"\nservices = {{ recomendations = "down" }}\n', "a service is 'recomendations'"),
        (f'[states.usual]\n{ABOUT}\nget = "/"\nservices = {{ promos = "lng" }}\n', "Known are ok, one, two"),
        (f'shown_by = ["landing/home.html"]\n[states.usual]\n{ABOUT}\nget = "/"\n', "one of the two"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_to_write(tmp_path, text, says):
    with pytest.raises(states.BadStates, match=r"_thing\.states\.toml") as error:
        read(tmp_path, text)
    assert says in str(error.value)


def test_no_template_is_without_states():
    pieces, wrong = states.pieces()
    assert [*wrong, *check.orphans(pieces)] == []


def test_a_piece_that_nothing_shows_is_named(tmp_path):
    pieces = {"landing/_thing.html": read(tmp_path, 'shown_by = ["landing/home.html"]\n')}
    pieces["landing/home.html"] = states.pieces()[0]["landing/home.html"]
    assert list(check.orphans(pieces)) == [
        "landing/_thing.html is said to be shown by landing/home.html, and neither of them names the other."
    ]


def test_what_a_fragment_shows_is_what_its_address_answers():
    fragments = [piece for piece in states.pieces()[0].values() if facts.group(piece) == "Fragments"]
    assert [state.path for piece in fragments for state in piece.states if state.view or state.context is not None] == []


def test_every_state_stands_in_one_group_of_the_tree():
    pieces, _ = states.pieces()
    assert {facts.group(piece) for piece in pieces.values()} == set(facts.GROUPS)
