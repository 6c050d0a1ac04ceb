"""A small Flask app that signs people in with Authlib, written as Authlib's guide tells its readers."""

from authlib.integrations.flask_client import OAuth
from flask import Flask, jsonify, request, url_for

BASE_URL = "https://app.example.test"


def create_app(issuer, client, scope="openid profile email", methods=None):
    """The app of `client` (its registered metadata with its credentials) at the provider `issuer`; `methods`
    are further ones to authenticate with."""
    app = Flask(__name__)
    app.secret_key = "only this test reads it"
    app.testing = True
    provider = OAuth(app).register(
        "tessera",
        client_id=client["client_id"],
        client_secret=client.get("client_secret"),
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": scope,
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": client["token_endpoint_auth_method"],
        },
        client_auth_methods=methods,
    )

    @app.get("/login")
    def login():
        return provider.authorize_redirect(url_for("callback", _external=True), **request.args)

    @app.route("/callback", methods=["GET", "POST"])
    def callback():
        token = provider.authorize_access_token()
        by_post = provider.post(provider.server_metadata["userinfo_endpoint"], token=token)
        return jsonify(
            token=token,
            claims=token["userinfo"],
            userinfo=provider.userinfo(token=token),
            userinfo_by_post=by_post.json(),
        )

    @app.get("/logout")
    def logout():
        return provider.logout_redirect(url_for("signed_out", _external=True), request.args["id_token"])

    @app.get("/")
    def signed_out():
        return jsonify(provider.validate_logout_response())

    return app
