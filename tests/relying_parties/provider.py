"""The running provider of with_provider.js, and what its operator does on the command line."""

import json
import os
import subprocess
import tempfile
import time

import requests

SETTING = json.loads(os.environ["TESSERA_TEST_PROVIDER"])
ISSUER = SETTING["issuer"]
PERSON = SETTING["person"]
CLIENTS = SETTING["clients"]
WAIT_LIMIT_SECONDS = 60


def command(*words):
    """Runs a command of the program; gives what it printed."""
    call = [SETTING["program"], *words, "--config", SETTING["config"]]
    return subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout


def create_client(**metadata):
    """Registers a client like the `basic` one but for `metadata`; gives it with its credentials."""
    known = {**CLIENTS["basic"]}
    del known["client_id"], known["client_secret"]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({**known, **metadata}, file)
        file.flush()
        made = json.loads(command("client", "create", "--file", file.name, "--json"))
    return {**known, **metadata, **made}


def rotate_keys():
    """Signs with new keys from now on; comes back when the provider does."""
    known = _published()
    command("key", "rotate", "--now")
    deadline = time.monotonic() + WAIT_LIMIT_SECONDS
    while _published() <= known:
        assert time.monotonic() < deadline, "the new keys are not published"


def _published():
    return {key["kid"] for key in requests.get(f"{ISSUER}/jwks").json()["keys"]}
