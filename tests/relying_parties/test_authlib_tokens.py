"""Authlib with the tokens of a running provider: refresh, client credentials, introspection, revocation,
clients that sign instead of showing a secret, and a change of keys."""

import unittest

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import ClientSecretJWT, PrivateKeyJWT
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import extract_compact

from provider import CLIENTS, ISSUER, PERSON, create_client, rotate_keys
from visit import Visit

OFFLINE = "openid profile email offline_access"


def kid_of(jwt):
    return extract_compact(jwt.encode()).headers()["kid"]


def session_of(client, token=None, **settings):
    """The library's session of `client`, as a program without a framework uses it."""
    session = OAuth2Session(
        client["client_id"],
        client.get("client_secret"),
        token=token,
        token_endpoint=f"{ISSUER}/token",
        token_endpoint_auth_method=client.get("token_endpoint_auth_method", "client_secret_basic"),
        **settings,
    )
    return session


class Tokens(unittest.TestCase):
    def sign_in(self, client, scope=OFFLINE):
        return Visit(client, scope=scope).sign_in()["token"]

    def userinfo(self, session):
        return session.get(f"{ISSUER}/userinfo")

    def test_refreshing(self):
        for name in ("basic", "post", "public"):
            with self.subTest(name):
                token = self.sign_in(CLIENTS[name])
                session = session_of(CLIENTS[name], token)
                renewed = session.refresh_token()
                self.assertNotEqual(renewed["refresh_token"], token["refresh_token"])
                self.assertIn("id_token", renewed)
                self.assertEqual(self.userinfo(session).json()["name"], PERSON["name"])

    def test_an_expired_token_is_refreshed_on_the_way(self):
        token = {**self.sign_in(CLIENTS["basic"]), "expires_at": 1}
        kept = []
        session = session_of(CLIENTS["basic"], token, update_token=lambda new, **_: kept.append(new))
        self.assertEqual(self.userinfo(session).json()["email"], PERSON["email"])
        self.assertNotEqual(kept[0]["access_token"], token["access_token"])

    def test_a_service_gets_a_token_of_its_own(self):
        session = session_of(CLIENTS["service"])
        token = session.fetch_token(grant_type="client_credentials")
        self.assertNotIn("id_token", token)
        told = session.introspect_token(f"{ISSUER}/introspect", token["access_token"]).json()
        self.assertIs(told["active"], True)
        self.assertEqual(told["client_id"], CLIENTS["service"]["client_id"])

    def test_tokens_are_active_until_revoked(self):
        token = self.sign_in(CLIENTS["basic"])
        session = session_of(CLIENTS["basic"], token)
        for hint in ("access_token", "refresh_token"):
            told = session.introspect_token(f"{ISSUER}/introspect", token[hint], hint).json()
            self.assertIs(told["active"], True, hint)
        answer = session.revoke_token(f"{ISSUER}/revoke", token["refresh_token"], "refresh_token")
        self.assertEqual(answer.status_code, 200)
        told = session.introspect_token(f"{ISSUER}/introspect", token["access_token"]).json()
        self.assertEqual(told, {"active": False})
        self.assertEqual(self.userinfo(session).status_code, 401)
        with self.assertRaises(OAuthError) as refused:
            session.refresh_token(refresh_token=token["refresh_token"])
        self.assertEqual(refused.exception.error, "invalid_grant")

    def test_a_client_signs_with_its_secret(self):
        client = create_client(
            token_endpoint_auth_method="client_secret_jwt",
            client_assertion_audience="issuer_or_token_endpoint",
        )
        page = Visit(client, methods=[ClientSecretJWT()]).sign_in()
        self.assertEqual(page["claims"]["preferred_username"], PERSON["username"])

    def test_a_client_signs_with_its_key(self):
        for key, algorithm in ((RSAKey.generate_key(2048), "RS256"), (ECKey.generate_key("P-256"), "ES256")):
            with self.subTest(algorithm):
                client = create_client(
                    token_endpoint_auth_method="private_key_jwt",
                    client_assertion_audience="issuer_or_token_endpoint",
                    jwks={"keys": [key.as_dict(private=False)]},
                )
                methods = [PrivateKeyJWT(alg=algorithm)]
                page = Visit({**client, "client_secret": key}, methods=methods).sign_in()
                self.assertEqual(page["claims"]["preferred_username"], PERSON["username"])

    def test_a_change_of_keys_is_noticed(self):
        visit = Visit(CLIENTS["basic"], scope=OFFLINE)
        before = visit.sign_in()["token"]
        rotate_keys()
        renewed = session_of(CLIENTS["basic"], before).refresh_token()
        self.assertNotEqual(kid_of(renewed["id_token"]), kid_of(before["id_token"]))
        # The app keeps the keys it found, misses one, and asks again.
        after = visit.sign_in()
        self.assertEqual(kid_of(after["token"]["id_token"]), kid_of(renewed["id_token"]))
        self.assertEqual(after["claims"]["sub"], before["userinfo"]["sub"])
        visit.sign_out(before["id_token"])
        with self.assertRaises(OAuthError) as refused:
            visit.sign_in(prompt="none")
        self.assertEqual(refused.exception.error, "login_required")


if __name__ == "__main__":
    unittest.main()
