"""Authlib, the library many Python apps sign in with, at a running provider.

The app of app.py does what a relying party does: discovery, PKCE, state, nonce, the token exchange, and
the validation of the ID token with the provider's published keys.
"""

import unittest

from authlib.integrations.base_client import OAuthError

from app import BASE_URL
from provider import CLIENTS, PERSON
from visit import Visit


class SignIn(unittest.TestCase):
    def assert_is_ada(self, claims):
        self.assertEqual(claims["preferred_username"], PERSON["username"])
        self.assertEqual(claims["name"], PERSON["name"])
        self.assertEqual(claims["email"], PERSON["email"])
        self.assertIs(claims["email_verified"], True)

    def test_every_kind_of_client_signs_in(self):
        for name in ("basic", "post", "public", "third_party"):
            with self.subTest(name):
                page = Visit(CLIENTS[name]).sign_in()
                self.assert_is_ada(page["claims"])
                self.assert_is_ada(page["userinfo"])
                self.assertEqual(page["userinfo"], page["userinfo_by_post"])
                self.assertEqual(page["claims"]["sub"], page["userinfo"]["sub"])

    def test_every_signing_algorithm_is_understood(self):
        for name in ("es256", "es384", "ps256", "eddsa"):
            with self.subTest(name):
                self.assert_is_ada(Visit(CLIENTS[name]).sign_in()["claims"])

    def test_the_response_arrives_by_form_post(self):
        page = Visit(CLIENTS["basic"]).sign_in(response_mode="form_post")
        self.assert_is_ada(page["claims"])

    def test_a_wrong_secret_is_named_invalid_client(self):
        for name in ("basic", "post"):
            with self.subTest(name), self.assertRaises(OAuthError) as refused:
                Visit({**CLIENTS[name], "client_secret": "wrong"}).sign_in()
            self.assertEqual(refused.exception.error, "invalid_client")

    def test_signing_out_comes_back_and_ends_the_session(self):
        visit = Visit(CLIENTS["basic"])
        page = visit.sign_in()
        returned = visit.sign_out(page["token"]["id_token"])
        self.assertEqual(returned["post_logout_redirect_uri"], f"{BASE_URL}/")
        with self.assertRaises(OAuthError) as refused:
            visit.sign_in(prompt="none")
        self.assertEqual(refused.exception.error, "login_required")


if __name__ == "__main__":
    unittest.main()
