"""PyPI requests-oauthlib: a server-side web application (confidential, client_secret_basic) with PKCE, and one from
before PKCE (client_secret_post), for which an operator has lifted the rule."""

import os

from joserfc import jwt
from joserfc.jwk import KeySet
from oauthlib.oauth2 import InvalidGrantError
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from surroundings import SURROUNDINGS, check, errand, expect, metadata, receive

# The server is on this computer.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
PLACES = metadata()
SCOPE = ["openid", "profile", "offline_access", SURROUNDINGS["scope"]]


def sign_in(browser, app, pkce, more):
    """Through the browser and the token endpoint; the browser shows an empty page at the end."""
    receive(app["redirect_uri"])
    session = OAuth2Session(app["client_id"], redirect_uri=app["redirect_uri"], scope=SCOPE, pkce=pkce)
    url, _ = session.authorization_url(PLACES["authorization_endpoint"], prompt="consent")
    arrived = errand(browser, url, app["redirect_uri"])["url"]
    session.fetch_token(PLACES["token_endpoint"], authorization_response=arrived, **more)
    return session


def claims(session, app):
    """Of the ID token, which this library leaves to others."""
    keys = KeySet.import_key_set(session.get(PLACES["jwks_uri"], withhold_token=True).json())
    found = jwt.decode(session.token["id_token"], keys, algorithms=["RS256"]).claims
    rules = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": PLACES["issuer"]}, aud={"essential": True, "value": app["client_id"]}
    )
    rules.validate(found)
    return found


web = SURROUNDINGS["apps"]["web"]
basic = HTTPBasicAuth(web["client_id"], web["client_secret"])

with check("sign-in and consent, code + PKCE, ID token"):
    session = sign_in("requests-oauthlib", web, "S256", {"auth": basic})
    sub = claims(session, web)["sub"]

with check("userinfo"):
    info = session.get(PLACES["userinfo_endpoint"]).json()
    expect(info["sub"] == sub and info["preferred_username"] == SURROUNDINGS["user"], f"it is {info}")

with check("refresh"):
    first = session.token["refresh_token"]
    session.refresh_token(PLACES["token_endpoint"], auth=basic)
    expect(session.token["refresh_token"] != first, "the refresh token is the same")

with check("introspection and revocation"):
    form = {"token": session.token["access_token"]}

    def ask():
        return session.post(PLACES["introspection_endpoint"], form, auth=basic, withhold_token=True).json()

    expect(ask()["active"], "the token is inactive")
    form_of_refresh = {"token": session.token["refresh_token"]}
    answer = session.post(PLACES["revocation_endpoint"], form_of_refresh, auth=basic, withhold_token=True)
    expect(answer.status_code == 200, f"revocation was answered {answer.status_code}")
    expect(ask() == {"active": False}, "the token is active")

with check("a revoked refresh token is refused"):
    try:
        session.refresh_token(PLACES["token_endpoint"], auth=basic)
        raise ValueError("it was not")
    except InvalidGrantError:
        pass

legacy = SURROUNDINGS["apps"]["legacy"]

with check("OpenID Connect Basic: no PKCE, client_secret_post"):
    more = {"client_secret": legacy["client_secret"], "include_client_id": True}
    old = sign_in("requests-oauthlib", legacy, None, more)
    expect(claims(old, legacy)["sub"] == sub, "somebody else")
    expect(old.get(PLACES["userinfo_endpoint"]).json()["sub"] == sub, "somebody else")
