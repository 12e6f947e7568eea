"""Members who exist before a journey begins: they join and pick books over HTTP, as a browser without scripts would."""

import re
from html import unescape

from e2e.people import PASSWORD, an_address

FIELD = r'name="{name}" value="([^"]*)"'


def join(context, site, address=None):
    """An account whose session `context` has from now on. Its address."""
    address = address or an_address()
    token = field(context.request.get(site.address + "/").text(), "csrfmiddlewaretoken")
    form = {"csrfmiddlewaretoken": token, "email": address, "password1": PASSWORD}
    assert context.request.post(site.address + "/signup/", form=form, max_redirects=0).status == 302
    return address


def pick(context, site, count=3):
    """Store the first books that the picker offers; the session must be a member's."""
    page = context.request.get(site.address + "/picks/").text()
    books = re.findall(r'name="pick" value="([^"]+)"', page)[:count]
    parts = [("csrfmiddlewaretoken", field(page, "csrfmiddlewaretoken")), ("offer", field(page, "offer"))]
    body = "&".join(f"{name}={value}" for name, value in [*parts, *(("pick", book) for book in books)])
    answer = context.request.post(
        site.address + "/fragments/picks/",
        data=body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        max_redirects=0,
    )
    assert answer.status == 302, answer.status


def elsewhere(person, address=None):
    """An account that somebody made on another machine. Its address."""
    context = person.page.context.browser.new_context()
    try:
        return join(context, person.site, address)
    finally:
        context.close()


def field(html, name):
    """The value of the first field of that name."""
    found = re.search(FIELD.format(name=name), html)
    assert found, f"there is no field {name}"
    return unescape(found.group(1))
