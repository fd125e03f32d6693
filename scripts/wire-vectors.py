#!/usr/bin/env python3
"""Writes docs/vectors/wire.json: sample bodies of every message between peers.

Written from docs/protocol.md alone and with the standard library alone, so that the vectors
compare two independent implementations. From the root of the repository:

    python3 scripts/wire-vectors.py            writes the file
    python3 scripts/wire-vectors.py --check    exits with 1 when the file differs
"""
import hashlib
import ipaddress
import json
import pathlib
import sys

OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "docs" / "vectors" / "wire.json"


def sha(data):
    return hashlib.sha256(data).digest()


def little(value, size):
    return value.to_bytes(size, "little")


def big(value, size):
    return value.to_bytes(size, "big")


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


# Ed25519 signatures, RFC 8032.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(left, right):
    x1, y1 = left
    x2, y2 = right
    product = D * x1 * x2 * y1 * y2 % P
    x3 = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P
    y3 = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P
    return x3, y3


def multiply(scalar, point):
    result = (0, 1)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def base_point():
    y = 4 * pow(5, -1, P) % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return (x if x % 2 == 0 else P - x), y


BASE = base_point()


def compress(point):
    return little(point[1] | (point[0] & 1) << 255, 32)


class Key:
    def __init__(self, seed):
        digest = hashlib.sha512(seed).digest()
        scalar = int.from_bytes(digest[:32], "little")
        self.scalar = scalar & (1 << 254) - 8 | 1 << 254
        self.prefix = digest[32:]
        self.public = compress(multiply(self.scalar, BASE))

    def sign(self, message):
        nonce = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little") % ORDER
        point = compress(multiply(nonce, BASE))
        hashed = hashlib.sha512(point + self.public + message).digest()
        challenge = int.from_bytes(hashed, "little") % ORDER
        return point + little((nonce + challenge * self.scalar) % ORDER, 32)


# The network.
def parameters_of(**changes):
    numbers = dict(
        interval=1_000, half_life=60_000, min_spacing=1, idle_cap=60_000, grace=30_000,
        emergency_half_life=6_000, future_limit=60_000, pow_limit_log2=255, retarget=0,
        expiry=8_640, max_body=524_288, max_entries=2_048, max_payload=32_768, stamp_rate=0,
        stamp_base=1_024, undo_window=60_480, create_policy=0,
    )
    numbers.update(changes)
    short = ("pow_limit_log2", "retarget")
    parts = [little(value, 2 if name in short else 4) for name, value in numbers.items()]
    return little(1, 2) + b"".join(parts)


PARAMETERS = parameters_of()
CHAIN = sha(b"wire vectors: chain")
NOW = 1_700_000_000_000
KEY = Key(sha(b"wire vectors: node"))
OTHER_KEY = Key(sha(b"wire vectors: other node"))


def digest(number):
    return sha(b"wire vectors: digest %d" % number)


def tip(number, height, work):
    return digest(number) + little(height, 4) + little(work, 16)


def address(text, port):
    parsed = ipaddress.ip_address(text)
    if parsed.version == 4:
        return b"\x04" + bytes(10) + b"\xff\xff" + parsed.packed + big(port, 2)
    return b"\x06" + parsed.packed + big(port, 2)


def record(key, flags, serves_from, addresses, signed=NOW - 60_000):
    body = bytes([1]) + big(flags, 2) + bytes([1, 1]) + key.public + big(signed, 8)
    body += big((signed + 24 * 3_600_000) // 60_000, 4) + bytes(32 + 4 + 32)
    body += big(serves_from, 4) + bytes([0, len(addresses)]) + b"".join(addresses)
    return body + key.sign(b"phi/nr/1" + CHAIN + body)


def hello(own_record, observed, density):
    return (
        little(1, 2) + CHAIN + PARAMETERS + tip(1, 70_001, 2**70 + 5) + little(9_521, 4)
        + little(17, 4) + little(density, 8) + observed + little(len(own_record), 2) + own_record
    )


def entry(text, sequence, previous):
    payload = sha(text)[:16] + b"\x01" + text
    body = little(1, 2) + little(1, 2) + little(len(payload), 4) + CHAIN + digest(40)
    body += KEY.public + little(sequence, 8) + previous + little(70_000, 4) + digest(41)[16:]
    body += little(NOW, 8) + sha(b"phi/payload/v1\0\0" + payload)
    name = sha(b"phi/entry-id/v1\0" + body)
    envelope = body + KEY.sign(b"phi/sign-entry/1" + name) + little(1, 8) + little(7, 8)
    return dict(bytes=envelope + payload, id=name, leaf=sha(b"\0" + envelope))


def header(delay, nonce, body=None):
    start = bytes([0 if body is None else 1]) + varint(delay) + little(nonce, 8)
    if body is None:
        return start
    return start + varint(body[0]) + varint(body[1]) + body[2]


def headers(start, parent, items):
    return little(start, 4) + parent + little(len(items), 2) + b"".join(items)


def hashes(digests, width):
    return little(len(digests), width) + b"".join(digests)


# Compact blocks.
def siphash(key, data):
    mask = 2**64 - 1
    first, second = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:], "little")
    a, b = first ^ 0x736F6D6570736575, second ^ 0x646F72616E646F6D
    c, d = first ^ 0x6C7967656E657261, second ^ 0x7465646279746573

    def turn(value, count):
        return (value << count | value >> (64 - count)) & mask

    def rounds(a, b, c, d, count):
        for _ in range(count):
            a, c = (a + b) & mask, (c + d) & mask
            b, d = turn(b, 13) ^ a, turn(d, 16) ^ c
            a, c = (turn(a, 32) + d) & mask, (c + b) & mask
            d, b = turn(d, 21) ^ a, turn(b, 17) ^ c
            c = turn(c, 32)
        return a, b, c, d

    padded = data + bytes(-(len(data) + 1) % 8) + bytes([len(data) & 0xFF])
    for start in range(0, len(padded), 8):
        word = int.from_bytes(padded[start:start + 8], "little")
        a, b, c, d = rounds(a, b, c, d ^ word, 2)
        a ^= word
    a, b, c, d = rounds(a, b, c ^ 0xFF, d, 4)
    return a ^ b ^ c ^ d


def short_id(full_header, salt, leaf):
    key = sha(full_header + little(salt, 8))[:16]
    return siphash(key, leaf).to_bytes(8, "little")[:6]


def indexes(places):
    out, least = b"", 0
    for place in places:
        out += varint(place - least)
        least = place + 1
    return out


COMPACT_TIME = NOW + 1 + 9_000
COMPACT_SALT = 0x0123456789ABCDEF


# Three entries, of which the second comes whole.
def compact_block(entries, leaves):
    figures = (3, 2_000, digest(6))
    full = (
        little(1, 4) + little(70_002, 4) + little(3, 4) + little(2_000, 4) + digest(1) + digest(6)
        + digest(50) + little(2**71, 16) + little(COMPACT_TIME, 8) + little(5, 8)
        + little(0x2000FFFF, 4) + little(77, 8)
    )
    body = little(70_002, 4) + digest(1) + header(9_000, 77, figures) + little(COMPACT_SALT, 8)
    body += little(2, 2) + b"".join(short_id(full, COMPACT_SALT, leaf) for leaf in leaves)
    return full, body + indexes([1]) + entries[0]["bytes"]


# Reconciliation.
def bucket_of(leaf, logarithm):
    return int.from_bytes(leaf[:2], "big") >> (16 - logarithm)


def in_bucket(leaves, index, logarithm):
    return sorted(leaf for leaf in leaves if bucket_of(leaf, logarithm) == index)


def sketch(leaves, logarithm):
    body = little(logarithm, 1)
    for index in range(1 << logarithm):
        inside = in_bucket(leaves, index, logarithm)
        body += sha(b"phi/sketch/1" + b"".join(inside))[:8] if inside else bytes(8)
    return body


def buckets(leaves, logarithm, indices):
    body = little(logarithm, 1) + little(len(indices), 2)
    for index in indices:
        body += little(index, 2) + hashes(in_bucket(leaves, index, logarithm), 2)
    return body


def samples():
    first = address("203.0.113.7", 7181)
    several = [first, address("2001:db8::1:2", 443), address("198.51.100.9", 65_535),
               address("2001:db8:ffff::", 1)]
    small = record(KEY, 0x41, 17, [first])
    large = record(OTHER_KEY, 0x01, 0, several)
    entries = [entry(b"hello from the wire", 0, bytes(32))]
    entries.append(entry(b"and again", 1, entries[0]["id"]))
    leaves = sorted(digest(number) for number in range(100, 140))
    mine = [leaf for place, leaf in enumerate(leaves) if place % 10 != 3]
    differing = [i for i in range(4) if in_bucket(leaves, i, 2) != in_bucket(mine, i, 2)]

    yield 0x01, "hello", "without a node record", hello(b"", address("127.0.0.1", 50_123), 0)
    yield 0x01, "hello", "with a node record of one address", hello(
        small, address("2001:db8::7", 50_124), 256)
    yield 0x01, "hello", "with the longest node record", hello(
        large, address("0.0.0.0", 0), 2**64 - 1)
    yield 0x02, "ping", "nonce, tip", little(0x0123456789ABCDEF, 8) + tip(1, 70_001, 2**70 + 5)
    yield 0x03, "pong", "nonce", little(0x0123456789ABCDEF, 8)
    yield 0x04, "record", "full and dialable, one address", small
    yield 0x04, "record", "full, four addresses", large
    yield 0x05, "getPeers", "as many as allowed", bytes([32])
    yield 0x06, "peers", "none", bytes([0])
    yield 0x06, "peers", "two", bytes([2]) + b"".join(
        little(len(r), 2) + r for r in (small, large))
    yield 0x10, "getHeaders", "a locator of three", hashes([digest(n) for n in (5, 4, 1)], 1)
    yield 0x11, "headers", "nothing after the parent", headers(70_002, digest(1), [])
    yield 0x11, "headers", "empty, with entries, with the largest figures", headers(
        70_002, digest(1),
        [header(0, 0), header(9_000, 2**64 - 1, (2, 618, digest(6))),
         header(2**48, 1, (2_048, 524_288, digest(7)))])
    yield 0x12, "getBlocks", "two", hashes([digest(8), digest(9)], 1)
    yield 0x13, "block", "an empty body", digest(8)
    yield 0x13, "block", "a body of two entries", digest(9) + b"".join(
        e["bytes"] for e in entries)
    yield 0x14, "missingBlocks", "one", hashes([digest(8)], 1)
    yield 0x15, "compactBlock", "two short ids and one whole entry", compact_block(
        entries, leaves[:2])[1]
    yield 0x16, "getBlockEntries", "the first, the second and the last", digest(8) + little(
        3, 2) + indexes([0, 1, 2_047])
    yield 0x17, "blockEntries", "two entries", digest(8) + little(2, 2) + b"".join(
        e["bytes"] for e in entries)
    yield 0x18, "relayMode", "compact blocks, no entries", bytes([3])
    yield 0x20, "inventory", "two leaf hashes", hashes([e["leaf"] for e in entries], 2)
    yield 0x21, "getEntries", "two leaf hashes", hashes([e["leaf"] for e in entries], 2)
    yield 0x22, "entries", "two entries of one author", little(2, 2) + b"".join(
        e["bytes"] for e in entries)
    yield 0x23, "missingEntries", "one leaf hash", hashes([entries[1]["leaf"]], 2)
    yield 0x24, "sketch", "of no entries, one bucket", sketch([], 0)
    yield 0x24, "sketch", "of 36 entries, four buckets", sketch(mine, 2)
    yield 0x25, "buckets", "the answer of a node that has 4 entries more", buckets(
        leaves, 2, differing)
    yield 0x25, "buckets", "an empty bucket", buckets([], 10, [1_023])


def beacon(nonce, port):
    """A question on the local network, asked in the hour of NOW."""
    tag = sha(CHAIN + big(NOW // 3_600_000, 4) + nonce)[:16]
    return dict(nonce=nonce.hex(), port=port, bytes=(
        b"phi1" + nonce + tag + big(port, 2) + bytes(18)).hex())


def document():
    leaves = sorted(digest(number) for number in range(100, 140))
    mine = [leaf for place, leaf in enumerate(leaves) if place % 10 != 3]
    messages = []
    for kind, name, description, body in samples():
        frame = little(len(body) + 1, 4) + bytes([kind]) + body
        messages.append(dict(
            type=kind, name=name, description=description, body=body.hex(),
            frameHead=frame[:5].hex()))
    return dict(
        about="Bodies of messages between peers; made by scripts/wire-vectors.py.",
        parameters=PARAMETERS.hex(),
        chain=CHAIN.hex(),
        now=NOW,
        identity=KEY.public.hex(),
        reconciliation=dict(
            asker=[leaf.hex() for leaf in mine], answerer=[leaf.hex() for leaf in leaves],
            logarithm=2),
        compactBlock=dict(
            header=compact_block([dict(bytes=b"")], [])[0].hex(),
            leaves=[leaf.hex() for leaf in leaves[:2]]),
        messages=messages,
        beacons=[beacon(digest(200)[:16], 7_181), beacon(digest(201)[:16], 0)],
    )


def main():
    text = json.dumps(document(), indent=2) + "\n"
    if "--check" in sys.argv[1:]:
        if OUTPUT.read_text() != text:
            sys.exit(f"{OUTPUT} differs from what this script writes")
        return
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(text)


if __name__ == "__main__":
    main()
