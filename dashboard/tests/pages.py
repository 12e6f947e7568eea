"""What the tests read from a member's page: its fragment, its books and its picker."""

import re
from html import unescape

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/"}


def text(response):
    return response.content.decode()


def state(response):
    """The state that the markup names, after checking that the header names the same."""
    found = re.search(r'data-fragment="[a-z]+" data-state="([a-z]+)"', text(response))[1]
    if "X-Fragment-State" in response:
        assert response["X-Fragment-State"] == found
    return found


def titles(response):
    return [unescape(title) for title in re.findall(r'class="(?:book|pick)-title"><bdi>(.*?)</bdi>', text(response))]


def ticked(response):
    return {box.group(1) for box in re.finditer(r'name="pick" value="([^"]+)"[^>]* checked', text(response))}


def offer(response):
    """The picker's signed offer and the ids of its books."""
    page = text(response)
    return re.search(r'name="offer" value="([^"]+)"', page)[1], re.findall(r'name="pick" value="([^"]+)"', page)


def pick(client, count, page="/fragments/recommendations/", **headers):
    """Tick the first `count` books of the picker on `page` and send them."""
    signed, ids = offer(client.get(page))
    return client.post("/fragments/picks/", {"offer": signed, "pick": ids[:count]}, headers=headers)
