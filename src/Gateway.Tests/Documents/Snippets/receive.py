"""Serves the snippets beside this file as a backend would; says what it has stored."""
import os
import sys
import threading
from http.server import ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import events
import fathom
import server

if "TIMEOUT_MS" in os.environ:  # a test does not wait as long as a backend does
    fathom.send.keywords["timeout"] = int(os.environ["TIMEOUT_MS"]) / 1000

made_up = []


def store(user, meeting):
    if meeting["title"] == "made up" and not made_up:
        made_up.append(meeting)
        raise RuntimeError("The database is down.")
    print(user, meeting["title"], flush=True)


class Handler(server.Handler):
    def status_of(self, path, user_id, body):
        if path == "/disconnect":
            events.disconnect(int(user_id))  # the user ids of many backends are numbers
            return 200
        if path == "/begin":
            at = parse_qs(urlsplit(self.path).query)["at"][0]
            threading.Thread(target=events.begin, args=(int(user_id), at, store), daemon=True).start()
            return 200
        if path == "/fathom-events":
            self.headers = {name.upper(): value for name, value in self.headers.items()}  # a mapping that minds the case
        return super().status_of(path, user_id, body)

    def log_message(self, *args):
        pass


server.store = store
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
