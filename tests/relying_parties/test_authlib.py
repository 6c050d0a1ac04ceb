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


class SignIn(unittest.TestCase):
    def sign_in(self, client, **parameters):
        """Signs in at the app of `client`; gives what its callback page shows."""
        app = create_app(SETTING["issuer"], client).test_client()
        start = app.get("/login", base_url=BASE_URL, query_string=parameters)
        person = Person(PERSON["username"], PERSON["password"])
        delivery = person.follow(start.location, f"{BASE_URL}/callback")
        self.assertEqual(delivery.form is not None, parameters.get("response_mode") == "form_post")
        if delivery.form is not None:
            return app.post("/callback", base_url=BASE_URL, data=delivery.form).json
        # RFC 9207: the response names its issuer, which this library leaves to the app.
        query = urlsplit(delivery.url).query
        self.assertEqual(parse_qs(query)["iss"], [SETTING["issuer"]])
        return app.get(f"/callback?{query}", base_url=BASE_URL).json

    def assert_is_ada(self, claims):
        self.assertEqual(claims["preferred_username"], PERSON["username"])
        self.assertEqual(claims["name"], PERSON["name"])
        self.assertEqual(claims["email"], PERSON["email"])
        self.assertIs(claims["email_verified"], True)

    def test_every_kind_of_client_signs_in(self):
        for name in ("basic", "post", "public", "third_party"):
            with self.subTest(name):
                page = self.sign_in(SETTING["clients"][name])
                self.assert_is_ada(page["claims"])
                self.assert_is_ada(page["userinfo"])
                self.assertEqual(page["userinfo"], page["userinfo_by_post"])
                self.assertEqual(page["claims"]["sub"], page["userinfo"]["sub"])

    def test_every_signing_algorithm_is_understood(self):
        for name in ("es256", "es384", "ps256", "eddsa"):
            with self.subTest(name):
                self.assert_is_ada(self.sign_in(SETTING["clients"][name])["claims"])

    def test_the_response_arrives_by_form_post(self):
        page = self.sign_in(SETTING["clients"]["basic"], response_mode="form_post")
        self.assert_is_ada(page["claims"])

    def test_a_wrong_secret_is_named_invalid_client(self):
        for name in ("basic", "post"):
            with self.subTest(name), self.assertRaises(OAuthError) as refused:
                self.sign_in({**SETTING["clients"][name], "client_secret": "wrong"})
            self.assertEqual(refused.exception.error, "invalid_client")


if __name__ == "__main__":
    unittest.main()
