"""How a played page is looked at: what a look changes, and what it leaves alone."""

from core.gallery.looks import Look, dressed, is_document, longer, pseudo

PAGE = (
    '<!doctype html><html lang="en" dir="ltr" data-theme="light"><head><meta charset="utf-8"><title>Desk</title></head>'
    '<body><a href="/picks/" class="btn" title="Open it">See your picks</a>'
    '<script src="/a.js">var a = "b";</script></body></html>'
)


def test_an_unknown_wish_is_no_wish():
    assert Look.of({"theme": "pink", "dir": "rtl", "text": "9000", "skin": "press"}, ["press"]) == Look(dir="rtl", skin="press")


def test_scheme_and_direction_stand_on_the_document():
    html = dressed(PAGE, Look(theme="dark", dir="rtl"))
    assert '<html lang="en" dir="rtl" data-theme="dark">' in html


def test_without_a_look_the_page_is_as_it_was():
    assert dressed(PAGE, Look()) == PAGE


def test_longer_words_change_what_is_read_and_nothing_else():
    html = pseudo(PAGE)
    assert 'href="/picks/" class="btn"' in html and 'var a = "b";' in html
    assert "See your picks" not in html and 'title="Öþéñ' not in html
    assert 'title="Öpéñ' in html


def test_words_grow_by_two_fifths():
    words = "Pick three books you love"
    assert 1.3 < len(longer(words)) / len(words) < 1.5


def test_the_script_that_plays_comes_before_all_others():
    html = dressed(PAGE, Look(), script="/static/stage.js", told='{"network": "hang"}')
    assert html.index("/static/stage.js") < html.index("/a.js")
    assert 'content="{&quot;network&quot;: &quot;hang&quot;}"' in html


def test_another_theme_replaces_its_addresses():
    assert 'href="/other/"' in dressed(PAGE, Look(), replaced=[("/picks/", "/other/")])


def test_a_part_of_a_page_is_told_from_a_whole_one():
    assert is_document(PAGE) and is_document(" <!DOCTYPE html>") and not is_document("<section></section>")
