"""Serves the snippet beside this file as a backend would; says what it has stored."""
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import events


made_up = []


def on_meeting(user, meeting):
    if meeting["title"] == "made up" and not made_up:
        made_up.append(meeting)
        raise RuntimeError("The database is down.")
    print(user, meeting["title"], flush=True)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        try:
            status = self.status_of(body)
        except Exception:  # as a framework answers a handler that fails
            status = 500
        self.send_response(status)
        self.end_headers()

    def status_of(self, body):
        target = urlsplit(self.path)
        user = parse_qs(target.query).get("user", [""])[0]
        if target.path == "/fathom-events":
            return events.receive(self.headers, body, on_meeting)
        if target.path == "/fathom-webhook":
            return events.receive_meeting(user, self.headers, body, on_meeting)
        events.disconnect(int(user))  # the user ids of many backends are numbers
        return 200

    def log_message(self, *args):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
