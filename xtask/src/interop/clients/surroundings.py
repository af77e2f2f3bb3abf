"""What a client program knows: the server, its own credentials, and somebody at a browser. One line for each check."""

import contextlib
import http.server
import json
import sys
import threading
from urllib.parse import urlsplit

import requests

with open(sys.argv[1], encoding="utf-8") as file:
    # As `cargo xtask interop` has written it.
    SURROUNDINGS = json.load(file)


@contextlib.contextmanager
def check(name):
    """What has to succeed. The first failure ends the program."""
    try:
        yield
    except Exception as error:  # Whatever a library raises.
        print(f"FAILED {name}: {type(error).__name__} {error}", flush=True)
        sys.exit(1)
    print(f"ok {name}", flush=True)


def expect(condition, words):
    """What a program relies on; `assert` could be switched off."""
    if not condition:
        raise ValueError(words)


def errand(browser, url, until):
    """Sends somebody to `url` in the browser of this name, until it arrives at `until`."""
    wanted = {"browser": browser, "url": url, "until": until}
    response = requests.post(SURROUNDINGS["person"], json=wanted, timeout=60)
    answer = response.json()
    expect(response.ok, f"in the browser: {answer.get('error')}")
    return answer


class Arrived(http.server.BaseHTTPRequestHandler):
    """The page at the end of a redirect."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def receive(url):
    """Listens where redirects lead, as long as the program runs."""
    address = urlsplit(url)
    server = http.server.ThreadingHTTPServer((address.hostname, address.port), Arrived)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def metadata():
    """What the server says about itself, for libraries that do not ask."""
    url = SURROUNDINGS["issuer"] + "/.well-known/openid-configuration"
    response = requests.get(url, timeout=10)
    response.raise_for_status()
    return response.json()
