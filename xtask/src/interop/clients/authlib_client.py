"""PyPI authlib with Flask, as a hybrid application (confidential, client_secret_basic): people and a service."""

import logging
import threading
from urllib.parse import urlsplit

from authlib.integrations.flask_client import OAuth
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask, redirect, url_for
from werkzeug.serving import make_server

from surroundings import SURROUNDINGS, check, errand, expect

APP = SURROUNDINGS["apps"]["hybrid"]
ORIGIN = APP["redirect_uri"].removesuffix("/callback")
SCOPE = SURROUNDINGS["scope"]

site = Flask("authlib_client")
site.secret_key = "of a session that lasts for seconds"
oauth = OAuth(site)
oauth.register(
    "turnkeep",
    client_id=APP["client_id"],
    client_secret=APP["client_secret"],
    server_metadata_url=SURROUNDINGS["issuer"] + "/.well-known/openid-configuration",
    client_kwargs={"scope": f"openid profile email offline_access {SCOPE}", "code_challenge_method": "S256"},
)
signed_in = {}


@site.get("/login")
def login():
    return oauth.turnkeep.authorize_redirect(APP["redirect_uri"])


@site.get("/callback")
def callback():
    # Checks state, nonce and the ID token.
    signed_in.update(oauth.turnkeep.authorize_access_token())
    return redirect(url_for("home"))


@site.get("/home")
def home():
    return "at home"


@site.get("/logout")
def logout():
    return oauth.turnkeep.logout_redirect(APP["signed_out_uri"], id_token_hint=signed_in["id_token"])


@site.get("/signed-out")
def signed_out():
    oauth.turnkeep.validate_logout_response()
    return redirect(url_for("home"))


logging.getLogger("werkzeug").setLevel(logging.ERROR)
address = urlsplit(ORIGIN)
server = make_server(address.hostname, address.port, site)
threading.Thread(target=server.serve_forever, daemon=True).start()

with check("sign-in and consent, code + PKCE, ID token"):
    errand("authlib", f"{ORIGIN}/login", f"{ORIGIN}/home")
    expect(signed_in["userinfo"]["sub"], "the ID token has no sub")

with site.app_context(), check("userinfo"):
    info = oauth.turnkeep.userinfo(token=signed_in)
    expect(info["sub"] == signed_in["userinfo"]["sub"], "somebody else")
    expect(info["preferred_username"] == SURROUNDINGS["user"], f"it is {info}")

places = oauth.turnkeep.load_server_metadata()
session = OAuth2Session(APP["client_id"], APP["client_secret"], token=dict(signed_in))

with check("refresh"):
    first = signed_in["refresh_token"]
    refreshed = session.refresh_token(places["token_endpoint"], refresh_token=first)
    expect(refreshed["refresh_token"] != first, "the refresh token is the same")

with check("introspection"):
    found = session.introspect_token(places["introspection_endpoint"], refreshed["access_token"]).json()
    expect(found["active"] and found["sub"] == signed_in["userinfo"]["sub"], f"it is {found}")

with check("revocation"):
    session.revoke_token(places["revocation_endpoint"], refreshed["refresh_token"], "refresh_token").raise_for_status()
    found = session.introspect_token(places["introspection_endpoint"], refreshed["access_token"]).json()
    expect(found == {"active": False}, f"it is {found}")

with check("logout"):
    errand("authlib", f"{ORIGIN}/logout", f"{ORIGIN}/home")

with check("client credentials"):
    token = OAuth2Session(APP["client_id"], APP["client_secret"], scope=SCOPE).fetch_token(places["token_endpoint"])
    expect("refresh_token" not in token and token["expires_in"] > 0, "it is no usual token")
