"""The person at the browser: an HTTP client with a cookie jar that reads the provider's pages and fills in
their forms, until something is delivered to the app."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

STEPS_LIMIT = 20
BUTTONS = ("login-submit", "consent-allow", "logout-confirm")


@dataclass
class Form:
    action: str
    fields: dict = field(default_factory=dict)
    buttons: dict = field(default_factory=dict)


class Page(HTMLParser):
    """The forms and the hand-off link of a page; `answers` maps the id of an input to what is typed."""

    def __init__(self, html, answers):
        super().__init__()
        self.answers = answers
        self.forms = []
        self.handoff = None
        self.is_error = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.is_error |= attrs.get("id") == "error-page"
        if tag == "a" and attrs.get("id") == "handoff":
            self.handoff = attrs["href"]
        elif tag == "form":
            self.forms.append(Form(attrs.get("action", "")))
        elif tag == "input" and self.forms and "name" in attrs:
            if attrs.get("type") != "checkbox" or "checked" in attrs:
                typed = self.answers.get(attrs.get("id"), attrs.get("value") or "")
                self.forms[-1].fields[attrs["name"]] = typed
        elif tag == "button" and self.forms:
            self.forms[-1].buttons[attrs.get("id")] = attrs


@dataclass(frozen=True)
class Delivery:
    """What the app receives: the address, and the form when it came by form_post."""

    url: str
    form: dict | None = None


class Person:
    def __init__(self, username, password):
        self.session = requests.Session()
        self.answers = {"username": username, "password": password}

    def follow(self, url, callback):
        """Opens `url` and goes on until the provider sends the browser to `callback`."""
        step = Delivery(url)
        for _ in range(STEPS_LIMIT):
            if step.url.startswith(callback):
                return step
            step = self._next(self._send(step))
        raise AssertionError(f"no way to {callback} in {STEPS_LIMIT} steps")

    def _send(self, step):
        if step.form is None:
            return self.session.get(step.url, allow_redirects=False)
        address = urlsplit(step.url)
        origin = {"Origin": f"{address.scheme}://{address.netloc}", "Sec-Fetch-Site": "same-origin"}
        return self.session.post(step.url, data=step.form, headers=origin, allow_redirects=False)

    def _next(self, response):
        if "Location" in response.headers:
            return Delivery(urljoin(response.url, response.headers["Location"]))
        page = Page(response.text, self.answers)
        if page.is_error:
            raise AssertionError(f"error page: {response.text}")
        if page.handoff:
            return Delivery(page.handoff)
        for form in page.forms:
            pressed = next((form.buttons[name] for name in BUTTONS if name in form.buttons), None)
            if pressed or len(page.forms) == 1:
                return self._submit(form, pressed or {}, response.url)
        raise AssertionError(f"a page without a way forward at {response.url}: {response.text}")

    @staticmethod
    def _submit(form, button, here):
        fields = dict(form.fields)
        if button.get("name"):
            fields[button["name"]] = button.get("value", "")
        return Delivery(urljoin(here, button.get("formaction") or form.action or here), fields)
