"""Calls the snippet beside this file as a backend would and prints one line of what came of it."""
import json
import sys
from types import SimpleNamespace
from urllib.error import HTTPError

import fathom

step, user, url = sys.argv[1:4]


def status_of(call):
    try:
        call()
    except HTTPError as answer:
        return str(answer.code)


try:
    if step == "token":
        print(fathom.fathom_token(user)["access_token"])
    elif step == "wait":  # in place of a user the value of the field
        print(fathom.seconds_to_wait(SimpleNamespace(headers={"Retry-After": user})))
    elif step == "path":  # in place of a user the path
        print(json.dumps(fathom.relay("42", user), separators=(",", ":")))
    elif step == "refused":
        print(json.dumps(fathom.with_token(user, url), separators=(",", ":")))
    elif step == "redirected":
        print(status_of(lambda: fathom.relay(user, "meetings?page=1")), status_of(lambda: fathom.with_token(user, url)))
    else:
        print(json.dumps(fathom.relay(user, "meetings?page=1"), separators=(",", ":")))
except (fathom.NotConnected, fathom.ReconnectRequired, fathom.Unavailable, HTTPError, ValueError) as failure:
    print(type(failure).__name__)
