"""Serves the snippet beside this file as a backend would; says what it has fetched."""
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import events


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = events.receive(self.headers, body, lambda user, meeting: print(user, meeting, flush=True))
        self.send_response(status)
        self.end_headers()

    def log_message(self, *args):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
