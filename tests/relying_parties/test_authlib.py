"""Authlib, the library many Python apps sign in with, at a running provider.

The app of app.py does what a relying party does: discovery, PKCE, state, nonce, the token exchange, and
the validation of the ID token with the provider's published keys.
"""

import json
import os
import unittest
from urllib.parse import parse_qs, urlsplit

from authlib.integrations.base_client import OAuthError

from app import BASE_URL, create_app
from person import Person

SETTING = json.loads(os.environ["TESSERA_RELYING_PARTIES"])
PERSON = SETTING["person"]


class Visit:
    """A person at the app of `client`: their browser, and the session they have with the app."""

    def __init__(self, client, **client_kwargs):
        self.app = create_app(SETTING["issuer"], client, **client_kwargs).test_client()
        self.person = Person(PERSON["username"], PERSON["password"])

    def open(self, path, **parameters):
        return self.app.get(path, base_url=BASE_URL, query_string=parameters)

    def sign_in(self, **parameters):
        """Signs in; gives what the callback page shows."""
        start = self.open("/login", **parameters)
        delivery = self.person.follow(start.location, f"{BASE_URL}/callback")
        if delivery.form is not None:
            return self.app.post("/callback", base_url=BASE_URL, data=delivery.form).json
        # RFC 9207: the response names its issuer, which this library leaves to the app.
        query = parse_qs(urlsplit(delivery.url).query)
        assert query["iss"] == [SETTING["issuer"]], query
        return self.open("/callback", **query).json

    def sign_out(self, id_token):
        """Signs out at the provider; gives what the app's page shows afterwards."""
        start = self.open("/logout", id_token=id_token)
        delivery = self.person.follow(start.location, f"{BASE_URL}/?")
        return self.open("/", **parse_qs(urlsplit(delivery.url).query)).json


class SignIn(unittest.TestCase):
    def assert_is_ada(self, claims):
        self.assertEqual(claims["preferred_username"], PERSON["username"])
        self.assertEqual(claims["name"], PERSON["name"])
        self.assertEqual(claims["email"], PERSON["email"])
        self.assertIs(claims["email_verified"], True)

    def test_every_kind_of_client_signs_in(self):
        for name in ("basic", "post", "public", "third_party"):
            with self.subTest(name):
                page = Visit(SETTING["clients"][name]).sign_in()
                self.assert_is_ada(page["claims"])
                self.assert_is_ada(page["userinfo"])
                self.assertEqual(page["userinfo"], page["userinfo_by_post"])
                self.assertEqual(page["claims"]["sub"], page["userinfo"]["sub"])

    def test_every_signing_algorithm_is_understood(self):
        for name in ("es256", "es384", "ps256", "eddsa"):
            with self.subTest(name):
                self.assert_is_ada(Visit(SETTING["clients"][name]).sign_in()["claims"])

    def test_the_response_arrives_by_form_post(self):
        page = Visit(SETTING["clients"]["basic"]).sign_in(response_mode="form_post")
        self.assert_is_ada(page["claims"])

    def test_a_wrong_secret_is_named_invalid_client(self):
        for name in ("basic", "post"):
            with self.subTest(name), self.assertRaises(OAuthError) as refused:
                Visit({**SETTING["clients"][name], "client_secret": "wrong"}).sign_in()
            self.assertEqual(refused.exception.error, "invalid_client")

    def test_signing_out_comes_back_and_ends_the_session(self):
        visit = Visit(SETTING["clients"]["basic"])
        page = visit.sign_in()
        returned = visit.sign_out(page["token"]["id_token"])
        self.assertEqual(returned["post_logout_redirect_uri"], f"{BASE_URL}/")
        with self.assertRaises(OAuthError) as refused:
            visit.sign_in(prompt="none")
        self.assertEqual(refused.exception.error, "login_required")


if __name__ == "__main__":
    unittest.main()
