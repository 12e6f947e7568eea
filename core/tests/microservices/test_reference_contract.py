"""The two services as anybody meets them over the network: paths, statuses, shapes. Nothing of the site takes part."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from core.tests.microservices.conftest import ask

EVENT = {"reader": "contract", "item": "emma", "kind": "liked", "at": "2026-11-22T12:00:00+01:00"}
HUGE = json.dumps({"events": [EVENT | {"item": "x" * 90_000}]})


def events(*told):
    return json.dumps({"events": told})


@pytest.mark.parametrize("service", ["promos", "recommendations"])
@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/health", None, 200),
        ("GET", "/", None, 404),
        ("GET", "/promos/", None, 404),
        ("POST", "/health", "{}", 405),
        ("DELETE", "/health", None, 405),
    ],
)
def test_both_services_answer_wrong_requests_with_the_right_status(served, service, method, path, body, status):
    got, content = ask(served[service] + path, method, body)
    assert got == status
    assert ("error" in json.loads(content)) is (status != 200)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/promos?audience=visitor", 200),
        ("GET", "/promos?audience=member&referrer=friend&locale=en-GB&unknown=1", 200),
        ("GET", "/promos", 422),
        ("GET", "/promos?audience=", 422),
        ("GET", "/promos?audience=staff", 422),
        ("GET", "/promos?audience=visitor%0A", 422),
        ("GET", "/promos?audience=visitor&referrer=%3Cscript%3E", 422),
        ("GET", "/promos?audience=visitor&locale=%FF", 422),
        ("GET", "/promos?audience=visitor&" + "a=1&" * 40, 422),
        ("POST", "/promos?audience=visitor", 405),
    ],
)
def test_promos_are_asked_by_audience_referrer_and_locale(served, method, path, status):
    assert ask(served["promos"] + path, method)[0] == status


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/recommendations?reader=a1&limit=12", 200),
        ("/recommendations?reader=a1", 200),
        ("/recommendations", 422),
        ("/recommendations?reader=", 422),
        ("/recommendations?reader=ada%40example.com", 422),
        ("/recommendations?reader=" + "a" * 65, 422),
        ("/recommendations?reader=a1&limit=0", 422),
        ("/recommendations?reader=a1&limit=101", 422),
        ("/recommendations?reader=a1&limit=-1", 422),
        ("/recommendations?reader=a1&limit=many", 422),
        ("/recommendations?reader=a1&limit=%D9%A3", 422),
    ],
)
def test_recommendations_are_asked_by_reader_and_limit(served, path, status):
    assert ask(served["recommendations"] + path)[0] == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (events(EVENT), 202),
        (events(EVENT, EVENT), 202),
        (events(), 202),
        (events(EVENT, {"reader": "contract"}), 202),
        (events(EVENT | {"kind": "loved"}), 422),
        (events(EVENT | {"item": "a-book-that-is-not-there"}), 202),
        (events(EVENT | {"item": ""}), 422),
        (events(EVENT | {"at": "2026-11-22T12:00:00"}), 422),
        (events(EVENT | {"at": "yesterday"}), 422),
        (events(EVENT | {"reader": "ada@example.com"}), 422),
        ("", 422),
        ("{}", 422),
        ("[]", 422),
        ("{", 422),
        ("[" * 60_000, 422),
        (b'{"events": "\xff"}', 422),
        (HUGE, 413),
    ],
    ids=lambda value: str(value)[:60],
)
def test_events_are_taken_one_by_one(served, body, status):
    got, content = ask(served["recommendations"] + "/events", "POST", body)
    assert got == status and isinstance(json.loads(content), dict)


def test_a_body_that_hides_its_length_is_refused_as_well(served):
    assert ask(served["recommendations"] + "/events", "POST", iter([b" " * 50_000] * 2))[0] == 413


def test_one_moment_written_in_two_zones_is_one_event(served):
    told = [EVENT | {"reader": "zones", "at": at} for at in ("2026-11-22T12:00:00Z", "2026-11-22T21:00:00+09:00")]
    assert ask(served["recommendations"] + "/events", "POST", events(*told))[0] == 202
    with closing(sqlite3.connect(served["database"])) as database:
        assert database.execute("SELECT count(*) FROM events WHERE reader = 'zones'").fetchone() == (1,)


def test_a_bad_event_among_good_ones_is_counted_and_left_out(served):
    _, content = ask(served["recommendations"] + "/events", "POST", events(EVENT, EVENT | {"kind": "loved"}))
    assert json.loads(content) == {"accepted": 1, "rejected": 1}


def test_the_answers_have_the_shape_of_the_contract(served):
    promos = json.loads(ask(served["promos"] + "/promos?audience=member")[1])["promos"]
    assert set(promos[0]) == {"id", "title", "body", "cta", "starts_at", "ends_at"} and set(promos[0]["cta"]) == {"label", "url"}
    books = json.loads(ask(served["recommendations"] + "/recommendations?reader=shape&limit=3")[1])
    assert (books["reader"], books["model"], len(books["items"])) == ("shape", "popular", 3)
    assert set(books["items"][0]) == {"id", "title", "author", "reason", "url", "cover"}


def test_the_services_need_nothing_but_python_and_msgspec():
    code = (
        "import sys; from core.microservices.reference import promos, recommendations; promos.app, recommendations.app;"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'django', 'aiohttp', 'landing', 'dashboard', 'uvicorn'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
