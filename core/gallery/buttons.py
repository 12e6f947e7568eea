"""What a browser sends when somebody presses a button of a page. stage.py presses buttons by their words."""

from html.parser import HTMLParser


def pressed(html, words):
    """(action, fields) of the form whose submit button says `words`; action is "" when the form goes to the page's own address.

    None when no form of the page has such a button.
    """
    page = Forms()
    page.feed(html)
    page.close()
    for form in page.forms:
        for button in form["buttons"]:
            if " ".join(button["words"].split()) == words:
                return form["action"], {**form["fields"], **button["fields"]}
    return None


class Forms(HTMLParser):
    """The forms of a page with their addresses, what their fields hold, and their buttons."""

    def __init__(self):
        super().__init__()
        self.forms = []
        self._form = self._button = None

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form":
            self._form = {"action": attributes.get("action") or "", "fields": {}, "buttons": []}
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input" and attributes.get("name") and ("checked" in attributes or attributes.get("type") not in CHOSEN):
            self._form["fields"][attributes["name"]] = attributes.get("value") or ""
        elif tag == "button" and attributes.get("type", "submit") == "submit":
            name = attributes.get("name")
            self._button = {"words": "", "fields": {name: attributes.get("value") or ""} if name else {}}
            self._form["buttons"].append(self._button)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "button":
            self._button = None

    def handle_data(self, data):
        if self._button is not None:
            self._button["words"] += data


CHOSEN = {"checkbox", "radio"}
