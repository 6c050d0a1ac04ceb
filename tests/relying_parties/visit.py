"""A person at the app of app.py: their browser, and the session they have with the app."""

from urllib.parse import parse_qs, urlsplit

from app import BASE_URL, create_app
from person import Person
from provider import ISSUER, PERSON


class Visit:
    def __init__(self, client, **settings):
        self.app = create_app(ISSUER, client, **settings).test_client()
        self.person = Person(PERSON["username"], PERSON["password"])

    def open(self, path, **parameters):
        return self.app.get(path, base_url=BASE_URL, query_string=parameters)

    def sign_in(self, **parameters):
        """Signs in; gives what the callback page shows."""
        start = self.open("/login", **parameters)
        delivery = self.person.follow(start.location, f"{BASE_URL}/callback")
        assert (delivery.form is not None) == (parameters.get("response_mode") == "form_post")
        if delivery.form is not None:
            return self.app.post("/callback", base_url=BASE_URL, data=delivery.form).json
        # RFC 9207: the response names its issuer, which this library leaves to the app.
        query = parse_qs(urlsplit(delivery.url).query)
        assert query["iss"] == [ISSUER], query
        return self.open("/callback", **query).json

    def sign_out(self, id_token):
        """Signs out at the provider; gives what the app's page shows afterwards."""
        start = self.open("/logout", id_token=id_token)
        delivery = self.person.follow(start.location, f"{BASE_URL}/?")
        return self.open("/", **parse_qs(urlsplit(delivery.url).query)).json
