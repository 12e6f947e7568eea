"""People in front of the site: what they do, in their own verbs, and what the site said and asked for meanwhile."""

import re
from urllib.parse import urlsplit
from uuid import uuid4

from playwright.sync_api import expect

PASSWORD = "seven quiet lanterns"
CREATED = "Account created. You are signed in."
OFFLINE = "You are offline. What you typed is still here."

# What a screen reader would hear: text that comes into a live region after the page is there. Hidden parts do not speak.
HEARS = """
(() => {
  window.heard = [];
  const words = (region) => {
    const copy = region.cloneNode(true);
    copy.querySelectorAll("[aria-hidden=true], template").forEach((part) => part.remove());
    return copy.textContent.replace(/\\s+/g, " ").trim();
  };
  const hear = (records) => {
    const regions = new Set();
    for (const record of records) {
      const place = record.target.nodeType === 1 ? record.target : record.target.parentElement;
      if (!place || place.closest("[aria-hidden=true], template")) continue;
      const region = place.closest("[role=alert], [role=status]");
      if (region) regions.add(region);
      for (const node of record.addedNodes) {
        if (node.nodeType !== 1) continue;
        if (node.matches("[role=alert]")) regions.add(node);
        node.querySelectorAll("[role=alert]").forEach((found) => regions.add(found));
      }
    }
    for (const region of regions) {
      if (!region.isConnected || !words(region)) continue;
      window.heard.push({ region: region.id || region.getAttribute("role"), words: words(region) });
    }
  };
  document.addEventListener("readystatechange", () => {
    if (document.readyState === "interactive")
      new MutationObserver(hear).observe(document, { subtree: true, childList: true, characterData: true });
  });
})();
"""


def an_address():
    """An address that nobody has used yet."""
    return f"reader-{uuid4().hex[:10]}@example.com"


class Person:
    """Somebody with one tab open.

    `documents` are the paths that the browser asked for as pages; `answers` are (path, status) of what forms got.
    """

    def __init__(self, page, site):
        self.page = page
        self.site = site
        self.documents = []
        self.answers = []
        page.add_init_script(HEARS)
        page.on("request", self._note_request)
        page.on("response", self._note_response)

    def _note_request(self, request):
        if request.resource_type == "document" and request.frame == self.page.main_frame:
            self.documents.append(urlsplit(request.url).path)

    def _note_response(self, response):
        if response.request.method == "POST":
            self.answers.append((urlsplit(response.url).path, response.status))

    # Going places

    def opens(self, path="/"):
        self.page.goto(self.site.address + path)
        return self

    def returns_to_the_tab(self):
        """Bring this tab to the front again: a browser lets tabs in the back wait."""
        self.page.bring_to_front()
        return self

    def marks_the_page(self):
        """Leave a mark that only survives when the document does."""
        self.page.evaluate("window.mark = 'here'")
        self.documents.clear()

    @property
    def never_left_the_page(self):
        return self.page.evaluate("window.mark") == "here" and self.documents == []

    # Signing up and in on the landing page

    @property
    def card(self):
        return self.page.locator("#join-card")

    @property
    def email(self):
        return self.page.get_by_label("Email", exact=True)

    @property
    def password(self):
        return self.page.get_by_label(re.compile("^(Create a password|Password)$"))

    @property
    def button(self):
        """The card's main button, whatever it says at the moment."""
        return self.page.locator("#signup-button, #sign-in-button")

    @property
    def slot(self):
        return self.card.locator("[data-slot]")

    def types(self, email=None, password=None):
        if email is not None:
            self.email.fill(email)
        if password is not None:
            self.password.fill(password)
        return self

    def presses(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()
        return self

    def creates_account(self, email=None, password=PASSWORD):
        """Sign up on the landing page that is open. The address."""
        email = an_address() if email is None else email
        self.types(email, password).presses("Create account")
        return email

    def joins(self):
        """Open the site, sign up and wait for the dashboard. The address."""
        email = self.opens().creates_account()
        self.sees_the_dashboard()
        return email

    def asks_to_sign_in(self):
        """Turn the landing page's card into the sign-in card."""
        self.page.get_by_role("link", name="Sign in", exact=True).click()
        expect(self.card.get_by_role("heading", name="Sign in")).to_be_visible()
        return self

    def signs_out(self):
        self.page.get_by_role("button", name="profile and sign out").click()
        self.presses("Sign out")

    def follows_the_newest_mail(self, to, subject):
        """Open the development mailbox as a developer does, and the link in the newest mail to that address. The link."""
        self.opens("/dev/mailbox/")
        self.page.locator("li", has_text=to).get_by_role("link", name=subject).first.click()
        self.sees(subject)
        link = self.page.locator("#main").get_by_role("link", name=re.compile("^http")).first
        url = link.get_attribute("href")
        link.click()
        return url

    # What is there

    def sees(self, heading):
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def reads(self, words):
        """Wait until the page says this, outside the regions that only speak."""
        expect(self.page.locator("#main").get_by_text(words)).to_be_visible()

    def sees_the_landing_page(self):
        expect(self.page.locator("#page")).to_have_attribute("data-page", "landing")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Your next great read is already free")

    def sees_the_dashboard(self):
        expect(self.page.locator("#page")).to_have_attribute("data-page", "dashboard")
        expect(self.page.locator("h1#greeting")).to_be_visible()

    def sees_what_services_gave(self):
        """Wait until both fragments of the dashboard are in."""
        expect(self.page.locator("#frag-promos[data-state=loading], #frag-recommendations[data-state=loading]")).to_have_count(0)

    def sees_nothing_of(self, words):
        expect(self.page.locator("body")).not_to_contain_text(words)

    def hears(self, words, region=None):
        """Wait until a screen reader would say exactly these words."""
        self.page.wait_for_function(
            "([words, region]) => window.heard.some((one) => one.words === words && (!region || one.region === region))",
            arg=[words, region],
        )

    @property
    def heard(self):
        return [one["words"] for one in self.page.evaluate("window.heard")]

    def forgets(self):
        """Start listening and counting anew."""
        self.page.evaluate("window.heard = []")
        self.documents.clear()
        self.answers.clear()

    # Time and the network outside

    def lets_time_pass(self, seconds):
        """Needs holds_the_clock() before the page was opened."""
        self.page.clock.fast_forward(int(seconds * 1000))

    def holds_the_clock(self):
        self.page.clock.install()
        return self

    def delays(self, path):
        """Hold requests to `path` on the network until the answer's go() is called."""
        return Held(self.page, f"{self.site.address}{path}")


class Held:
    """Requests that left the browser and have not arrived. `count` of them so far."""

    def __init__(self, page, url):
        self.waiting, self.count, self.open = [], 0, False
        page.route(url, self._meet)

    def _meet(self, route):
        self.count += 1
        if self.open:
            route.continue_()
        else:
            self.waiting.append(route)

    def go(self):
        """Let everything through, now and later."""
        self.open = True
        while self.waiting:
            self.waiting.pop().continue_()

    def lose(self):
        """What was held never arrives; later requests do."""
        self.open = True
        while self.waiting:
            self.waiting.pop().abort()
