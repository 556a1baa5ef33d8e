"""Serves the snippet beside this file as a backend would; says what it has fetched."""
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import events


def on_meeting(user, meeting):
    print(user, meeting["title"], flush=True)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        target = urlsplit(self.path)
        user = parse_qs(target.query).get("user", [""])[0]
        status = 200
        if target.path == "/fathom-events":
            status = events.receive(self.headers, body, on_meeting)
        elif target.path == "/fathom-webhook":
            status = events.receive_meeting(user, self.headers, body, on_meeting)
        else:
            events.disconnect(int(user))  # the user ids of many backends are numbers
        self.send_response(status)
        self.end_headers()

    def log_message(self, *args):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
