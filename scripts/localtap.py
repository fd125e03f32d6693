"""Ears between a client and a node, and between two nodes, for the scripts beside this file.

A client's calls go over plain TCP and are copied as they pass. What nodes say to each other is
inside TLS, and each knows the other by its key; so the ear between two nodes is a node itself as
far as they can tell, with a key of its own, and hands on every message that it hears. Standard
library only.
"""
import contextlib
import importlib.util
import pathlib
import secrets
import socket
import ssl
import struct
import tempfile
import threading

SPEC = importlib.util.spec_from_file_location(
    "meeting_vectors", pathlib.Path(__file__).absolute().with_name("meeting-vectors.py"))
vectors = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(vectors)

FRAME_LIMIT = 1 << 20
HELLO, RECORD = 0x01, 0x04
# Where a hello tells the length of the sender's node record.
RECORD_LENGTH_AT = 187


class Ear:
    """Listens on a port of its own and hands every connection on to a port."""

    def __init__(self, target):
        self.target = target
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.heard = []
        self.lock = threading.Lock()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.socket.accept()
                threading.Thread(target=self.serve, args=(near,), daemon=True).start()

    def serve(self, near):
        with contextlib.suppress(OSError, ssl.SSLError, EOFError):
            far = socket.create_connection(("127.0.0.1", self.target))
            with near, far:
                self.join(near, far)

    def join(self, near, far):
        other = threading.Thread(target=self.carry, args=(far, near, "answer"), daemon=True)
        other.start()
        self.carry(near, far, "call")
        other.join()

    def keep(self, way, data):
        with self.lock:
            self.heard.append((way, data))

    def close(self):
        self.socket.close()


class CallTap(Ear):
    """Between a client and the RPC port of a node."""

    space = None

    def __init__(self, node):
        super().__init__(int(node.url.rsplit(":", 1)[1]))
        self.url = "http://127.0.0.1:%d" % self.port
        self.name = node.name

    def carry(self, source, sink, way):
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                self.keep(way, data)
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def heard_text(self):
        """All that passed, both ways apart from each other."""
        with self.lock:
            return [b"".join(data for way, data in self.heard if way == wanted)
                    for wanted in ("call", "answer")]


def der(tag, *parts):
    content = b"".join(parts)
    count = len(content)
    return bytes([tag]) + (bytes([count]) if count < 128 else bytes([0x81, count])) + content


def certificate(key):
    """A certificate of an Ed25519 key, signed by itself; the fields beside the key mean nothing."""
    algorithm = bytes.fromhex("300506032b6570")
    name = der(0x30, der(0x31, der(0x30, bytes.fromhex("0603550403"), der(0x0C, b"phi"))))
    dates = der(0x30, der(0x17, b"250101000000Z"), der(0x18, b"99991231235959Z"))
    public = der(0x30, algorithm, der(0x03, b"\0" + key.public))
    body = der(0x30, bytes.fromhex("a003020102020101"), algorithm, name, dates, name, public)
    return der(0x30, body, algorithm, der(0x03, b"\0" + key.sign(body)))


class PeerTap(Ear):
    """Between two nodes: to each of them a node, which says what the other says."""

    def __init__(self, node):
        key = vectors.SigningKey(secrets.token_bytes(32))
        secret = der(0x30, bytes.fromhex("020100300506032b6570"), der(0x04, der(0x04, key.seed)))
        self.near_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.far_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.far_context.check_hostname = False
        self.far_context.verify_mode = ssl.CERT_NONE
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
            file.write(ssl.DER_cert_to_PEM_cert(certificate(key)))
            file.write(ssl.DER_cert_to_PEM_cert(secret).replace("CERTIFICATE", "PRIVATE KEY"))
            file.flush()
            for context in (self.near_context, self.far_context):
                context.minimum_version = ssl.TLSVersion.TLSv1_3
                context.load_cert_chain(file.name)
                context.set_alpn_protocols(["phi/1"])
        super().__init__(int(node.announced["listen"][0].rsplit(":", 1)[1]))
        self.address = "%s@127.0.0.1:%d" % (key.public.hex(), self.port)
        self.trouble = None

    def join(self, near, far):
        with self.near_context.wrap_socket(near, server_side=True) as caller, \
                self.far_context.wrap_socket(far) as called:
            super().join(Channel(caller), Channel(called))

    def carry(self, source, sink, way):
        try:
            while True:
                kind, body = source.read()
                self.keep(way, (kind, body))
                # A record must be of the connection's own key, and the ear has none to tell of.
                if kind == RECORD:
                    continue
                if kind == HELLO:
                    body = body[:RECORD_LENGTH_AT] + bytes(2)
                sink.write(kind, body)
        except (OSError, ssl.SSLError, EOFError, ValueError) as error:
            self.trouble = error
        finally:
            source.close()
            sink.close()

    def messages(self):
        with self.lock:
            return [message for _, message in self.heard]


class Channel:
    """Messages over one TLS connection, read by one thread while another writes.

    One TLS object must not be used by two threads at once, so reading looks for data without
    waiting and lets the writer in between.
    """

    def __init__(self, connection):
        self.connection = connection
        self.connection.setblocking(False)
        self.lock = threading.Lock()
        self.buffer = bytearray()
        self.is_closed = threading.Event()

    def read(self):
        while True:
            if len(self.buffer) >= 4:
                count = struct.unpack_from("<I", self.buffer)[0]
                if not 1 <= count <= FRAME_LIMIT:
                    raise ValueError("a message of %d bytes" % count)
                if len(self.buffer) >= 4 + count:
                    kind, body = self.buffer[4], bytes(self.buffer[5:4 + count])
                    del self.buffer[:4 + count]
                    return kind, body
            self.fill()

    def fill(self):
        while not self.is_closed.is_set():
            try:
                with self.lock:
                    data = self.connection.recv(1 << 16)
                if not data:
                    break
                self.buffer += data
                return
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                self.is_closed.wait(0.005)
        raise EOFError("the connection ended")

    def write(self, kind, body):
        rest = memoryview(struct.pack("<IB", 1 + len(body), kind) + body)
        while rest:
            if self.is_closed.is_set():
                raise EOFError("the connection ended")
            try:
                with self.lock:
                    rest = rest[self.connection.send(rest):]
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                self.is_closed.wait(0.005)

    def close(self):
        self.is_closed.set()
