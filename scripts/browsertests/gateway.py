"""A server between a browser and a node: it keeps all that passes, and can refuse or falsify it.

It adds nothing of its own: fields of requests and answers pass as they are, so that the node judges
them as if the browser had asked it.
"""
import contextlib
import http.client
import http.server
import json
import socket
import threading

PATIENCE = 60
CHUNK = 65_536
STREAMS = ("/ws", "/events")
ENDS = {"connection", "keep-alive", "transfer-encoding", "content-length", "proxy-connection"}
# Compressed frames could not be looked at.
UNSENT = {"sec-websocket-extensions", "accept-encoding"}


class Gateway(http.server.ThreadingHTTPServer):
    """Serves one node under an address of its own.

    - refused: beginnings of paths that are answered with status 503.
    - is_down: whether calls and streams end without an answer, as if the node were gone.
    - before: is told each call before it is passed on, and may raise `Cut`.
    - after: is told each call and its answer, which it may change, and may raise `Cut`.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, node):
        super().__init__(("127.0.0.1", 0), Handler)
        self.node = node
        self.refused = set()
        self.is_down = False
        self.before = self.after = None
        self.asked = []
        self.told = []
        self.paths = []
        self.streams = set()
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.server_port

    def keep(self, place, data):
        with self.lock:
            place.append(data)

    def cut(self):
        """Ends every stream, as a node that goes away does."""
        with self.lock:
            streams, self.streams = self.streams, set()
        for stream in streams:
            with contextlib.suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)

    def all_asked(self):
        """Every byte that the browser sent, frames of WebSockets unmasked."""
        with self.lock:
            return b"\n".join(self.asked)

    def all_told(self):
        """Every byte that the node answered with."""
        with self.lock:
            return b"\n".join(self.told)

    def handle_error(self, request, client_address):
        """A browser that goes away in the middle is nothing to report."""

    def close(self):
        self.cut()
        self.shutdown()
        self.server_close()


class Cut(Exception):
    """Raised by a hook: the connection ends without an answer."""


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection of a browser."""

    protocol_version = "HTTP/1.1"
    to = None

    def log_message(self, *parts):
        """Nothing is printed."""

    def address(self):
        host, port = self.server.node.url.removeprefix("http://").rsplit(":", 1)
        return host, int(port)

    def end_here(self):
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def do_GET(self):
        self.passed(b"")

    def do_POST(self):
        self.passed(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def passed(self, body):
        gateway = self.server
        head = "%s %s\n%s" % (self.command, self.path, self.headers)
        gateway.keep(gateway.asked, head.encode() + body)
        gateway.keep(gateway.paths, self.path)
        if any(self.path.startswith(place) for place in gateway.refused):
            return self.answer(503, [("Content-Type", "text/plain")], b"refused")
        is_call = self.path == "/rpc" or self.path.startswith(STREAMS)
        try:
            if gateway.is_down and is_call:
                raise Cut
            if self.path.startswith(STREAMS):
                return self.stream()
            return self.call(body)
        except (Cut, OSError, http.client.HTTPException):
            return self.end_here()

    def call(self, body):
        gateway = self.server
        calls = listed(body) if self.path == "/rpc" else []
        for call in calls:
            if gateway.before:
                gateway.before(call)
        fields = {name: value for name, value in self.headers.items()
                  if name.lower() not in ENDS | UNSENT}
        answer, data = self.answered(body or None, fields)
        if calls and gateway.after:
            data = self.changed(calls, data)
        gateway.keep(gateway.told, data)
        self.answer(answer.status, answer.getheaders(), data)

    def answered(self, body, fields):
        """The node's answer; a connection of the browser has one to the node, as without us."""
        while True:
            to, is_used = self.to, self.to is not None
            if to is None:
                to = self.to = http.client.HTTPConnection(*self.address(), timeout=PATIENCE)
            try:
                to.request(self.command, self.path, body, fields)
                answer = to.getresponse()
                return answer, answer.read()
            except (OSError, http.client.HTTPException):
                self.to = None
                to.close()
                # The node may end a connection that was idle.
                if not is_used:
                    raise

    def finish(self):
        if self.to is not None:
            self.to.close()
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def changed(self, calls, data):
        document = json.loads(data)
        answers = {reply.get("id"): reply
                   for reply in (document if isinstance(document, list) else [document])}
        for call in calls:
            if call.get("id") in answers:
                self.server.after(call, answers[call["id"]])
        return json.dumps(document).encode()

    def answer(self, status, fields, data):
        self.send_response_only(status)
        for name, value in fields:
            if name.lower() not in ENDS:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def stream(self):
        gateway = self.server
        node = socket.create_connection(self.address(), PATIENCE)
        node.settimeout(None)
        lines = ["%s %s HTTP/1.1" % (self.command, self.path)]
        lines += ["%s: %s" % field for field in self.headers.items()
                  if field[0].lower() not in UNSENT]
        node.sendall("\r\n".join([*lines, "", ""]).encode())
        with gateway.lock:
            gateway.streams |= {node, self.connection}
        if gateway.is_down:
            # It went down between the question and now, and has cut what it knew of.
            self.end_here()
        frames = Frames()
        told = threading.Thread(target=self.pump, daemon=True, args=(
            node, self.connection, lambda data: gateway.keep(gateway.told, data)))
        told.start()
        self.pump(self.connection, node, lambda data: [
            gateway.keep(gateway.asked, frame) for frame in frames.take(data)])
        told.join()
        with gateway.lock:
            gateway.streams -= {node, self.connection}
        node.close()
        self.end_here()

    @staticmethod
    def pump(source, target, keep):
        with contextlib.suppress(OSError):
            while True:
                data = source.recv(CHUNK)
                if not data:
                    break
                keep(data)
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class Frames:
    """Reads what a browser sends over a WebSocket: each frame has a mask over its bytes."""

    def __init__(self):
        self.data = b""

    def take(self, data):
        """The contents of the frames that are whole by now."""
        self.data += data
        while True:
            found = self.first()
            if found is None:
                return
            yield found

    def first(self):
        data = self.data
        if len(data) < 2:
            return None
        size, at = data[1] & 127, 2
        if size >= 126:
            width = 2 if size == 126 else 8
            size, at = int.from_bytes(data[2:2 + width], "big"), 2 + width
        mask = data[at:at + 4] if data[1] & 128 else b"\0\0\0\0"
        at += 4 if data[1] & 128 else 0
        if len(data) < at + size or len(mask) < 4:
            return None
        self.data = data[at + size:]
        return bytes(byte ^ mask[place % 4] for place, byte in enumerate(data[at:at + size]))


def listed(body):
    """The calls of a body, one or many; none where it is not JSON."""
    try:
        document = json.loads(body)
    except ValueError:
        return []
    return document if isinstance(document, list) else [document]
