"""That the benchmark computes, judges and words its rows rightly. How fast the site is, is no test's business."""

import re
import subprocess
import sys

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import AnonymousUser
from django_htmx.middleware import HtmxDetails

from core.bench import load, machine, page, report, rows
from core.bench.report import Goal, compared, unmeasured, within
from core.middleware import ISOLATION
from core.tests.copies import BASE, clean_environment


def test_the_ratio_is_the_middle_one_of_the_rounds_own_ratios():
    row = compared("page", [1, 10, 3], [10, 20, 10], Goal(0.4), report.ms)
    assert (row.judged, row.verdict) == (0.3, "reached")
    assert row.spread == pytest.approx((0.5 - 0.1) / 0.3)


def test_figure_and_baseline_are_their_own_middle_values():
    row = compared("page", [0.001, 0.004, 0.002], [0.02, 0.03, 0.04], Goal(1), report.ms)
    assert (row.figure, row.baseline) == ("2.00 ms", "30 ms")


@pytest.mark.parametrize(
    ("goal", "number", "verdict"),
    [
        (Goal(1.5), 1.5, "reached"),
        (Goal(1.5), 1.51, "missed"),
        (Goal(12, least=True), 12, "reached"),
        (Goal(12, least=True), 11.9, "missed"),
        (Goal(0), 0, "reached"),
    ],
)
def test_a_goal_is_reached_up_to_its_limit_and_not_beyond(goal, number, verdict):
    assert within("what", number, goal, report.number).verdict == verdict


def test_a_baseline_that_gave_nothing_is_not_compared_with():
    assert compared("page", [1, 2], [1, 0], Goal(1), report.ms).verdict == "not measured"


def test_what_was_not_measured_counts_neither_as_reached_nor_as_missed():
    found = [within("a", 1, Goal(2), report.number), within("b", 3, Goal(2), report.number), unmeasured("c", "no browser")]
    assert report.summary(found) == "1 of 2 goals reached. Missed: b."


@pytest.mark.parametrize(("ratio", "words"), [(0.05, "1/20.0"), (1 / 12, "1/12.0"), (1.25, "1.25×"), (0, "0.00×")])
def test_a_small_ratio_is_worded_as_a_part(ratio, words):
    assert report.part(ratio) == words


def test_the_table_gives_every_row_a_line_and_its_note_another():
    lines = report.table([within("requests", 9, Goal(7), report.number, note="/, app.js"), unmeasured("shift", "no Chromium")])
    assert lines[2].split() == ["requests", "9", "≤", "7", "missed"]
    assert [line.strip() for line in lines[3:]] == ["/, app.js", "shift" + lines[4].strip()[5:], "no Chromium"]
    assert "not measured" in lines[4]


@pytest.mark.parametrize(("percent", "value"), [(50, 50), (99, 99), (100, 100), (1, 1)])
def test_a_percentile_is_one_of_the_values(percent, value):
    assert rows.percentile(range(100, 0, -1), percent) == value


def test_both_sides_are_measured_as_often_and_take_turns_in_going_first():
    order = []
    ours, theirs = rows.in_turn(4, lambda: order.append("ours") or 1, lambda: order.append("theirs") or 2)
    assert (ours, theirs) == ([1] * 4, [2] * 4)
    assert order == ["theirs", "ours", "ours", "theirs"] * 2


def test_the_spread_is_measured_against_the_middle_value():
    assert machine.spread([1, 2, 4]) == 1.5


def test_a_first_visit_counts_what_a_page_loads_by_itself():
    found = page.Links(
        '<link rel="stylesheet" href="/a.css"><link rel="canonical" href="/no"><script src="/a.js" defer></script>'
        '<script></script><img src="/now.svg"><img src="/later.svg" loading="lazy"><a href="/b"></a>'
        '<section hx-get="/part/" hx-trigger="load"></section>'
    ).found
    assert found == [("/a.css", "css"), ("/a.js", "js"), ("/now.svg", "picture"), ("/part/", "fragment")]


def test_an_answers_head_tells_its_length_cookies_and_headers():
    head = b"HTTP/1.1 302 Found\r\nContent-Length: 12\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=2=3; HttpOnly"
    reply = load.Reply(302, head, b"")
    assert load.content_length(head) == 12
    assert reply.cookies() == {"a": "1", "b": "2=3"}
    assert reply.header("Content-length") == "12"


def bench(*arguments):
    return subprocess.run(
        [sys.executable, "manage.py", "bench", *arguments],
        cwd=BASE,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=240,
        stdin=subprocess.DEVNULL,
    )


def test_one_row_runs_from_beginning_to_end_and_says_what_it_found():
    done = bench("--only", "hops", "--quick")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "thread hops, landing page" in done.stdout
    assert "4 of 4 goals reached." in done.stdout


def test_a_subject_that_does_not_exist_is_named_with_those_that_do():
    done = bench("--only", "speed")
    assert done.returncode != 0
    assert "landing-cpu" in done.stderr


def test_the_landing_page_of_the_baseline_is_the_same_page_with_the_same_guards(rf, visitor):
    from core.bench import baselines

    request = rf.get("/")
    request.htmx, request.user = HtmxDetails(request), AnonymousUser()
    baseline, ours = async_to_sync(baselines.landing)(request), visitor.get("/")
    assert baseline.status_code == ours.status_code == 200
    assert re.sub(r"\w{64}", "", baseline.text) == re.sub(r"\w{64}", "", ours.text)
    assert {name: baseline.get(name) for name in ISOLATION} == ISOLATION
