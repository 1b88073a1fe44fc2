#!/usr/bin/env python3
"""A model hub that misbehaves as it is asked to: http://127.0.0.1:PORT/MODE/OWNER/NAME/resolve/main/FILE.

Every path gives the one file named on the command line: the hub redirects to its store, as Hugging Face does, and
announces size and digest there. The port is printed first, then a JSON line for each request to the store. With a
certificate and its key, it is https.
"""

import hashlib
import http.server
import json
import ssl
import sys
import threading
import time

CONTENT = open(sys.argv[1], "rb").read()
DIGEST = hashlib.sha256(CONTENT).hexdigest()
PIECE = 1 << 16
counts = {}
lock = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self.close_connection = True
        kind, mode = self.path.split("/")[1:3] if self.path.startswith("/store/") else ("hub", self.path.split("/")[1])
        with lock:
            counts[kind, mode] = counts.get((kind, mode), 0) + 1
            turn = counts[kind, mode]
        self.store(mode, turn) if kind == "store" else self.hub(mode, turn)

    def head(self, status, fields):
        self.send_response(status)
        for name, value in {**fields, "Connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()

    def hub(self, mode, turn):
        if mode == "gone":
            return self.head(404, {"Content-Length": "0"})
        if mode == "loop":
            return self.head(302, {"Location": self.path, "Content-Length": "0"})
        if mode == "busy" and turn <= 2:
            return self.head(503, {"Content-Length": "0"})
        if mode == "downgrade":
            return self.head(302, {"Location": "http://127.0.0.1:1/plain", "Content-Length": "0"})
        size = len(CONTENT) + (-1 if mode == "shortannounced" else 1 if mode == "longannounced" else 0)
        fields = {"Location": f"/store/{mode}", "Content-Length": "0", "X-Linked-Size": str(size)}
        if mode != "nodigest":
            fields["X-Linked-Etag"] = '"%s"' % (DIGEST if mode != "wrongdigest" else "0" * 64)
        if mode == "unannounced":
            fields = {"Location": f"/store/{mode}", "Content-Length": "0"}
        self.head(302, fields)

    def store(self, mode, turn):
        tag = '"first"' if mode != "changed" or turn == 1 else '"second"'
        asked, condition = self.headers.get("Range"), self.headers.get("If-Range")
        print(json.dumps({"mode": mode, "range": asked, "ifRange": condition}), flush=True)
        start = 0
        if asked and mode != "norange" and condition in (None, tag):
            start = int(asked.removeprefix("bytes=").rstrip("-"))
        length = len(CONTENT) + (1000 if mode == "longlength" else 0)
        if start >= len(CONTENT):
            return self.head(416, {"Content-Range": f"bytes */{length}", "Content-Length": "0"})
        fields = {"ETag": tag, "Content-Length": str(length - start), "Accept-Ranges": "bytes"}
        if start:
            fields["Content-Range"] = f"bytes {start}-{length - 1}/{length}"
        if mode == "unannounced":
            del fields["Content-Length"]
        self.head(206 if start else 200, fields)
        end = len(CONTENT)
        if mode == "drop" or (mode in ("changed", "norange") and turn == 1):
            end = min(end, start + len(CONTENT) // 3)
        for place in range(start, end, PIECE):
            self.wfile.write(CONTENT[place : min(place + PIECE, end)])
            if mode == "slow" and turn == 1:
                self.wfile.flush()
                time.sleep(0.1)


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client):
        """A client that goes away is what is tested here."""


server = Server(("127.0.0.1", 0), Handler)
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
