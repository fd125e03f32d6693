#!/usr/bin/env python3
"""Reproduces docs/vectors/meetings.json: links, keys, contents, entries, minutes and receipts.

Written from docs/meetings.md and docs/protocol.md alone and with the standard library alone, the
ciphers and curves included, so that the vectors compare two independent implementations. The file
itself is written by the tests in Swift. From the root of the repository:

    python3 scripts/meeting-vectors.py            prints the file
    python3 scripts/meeting-vectors.py --check    exits with 1 when the file differs
"""
import base64
import hashlib
import hmac
import json
import pathlib
import sys

FILE = pathlib.Path(__file__).resolve().parent.parent / "docs" / "vectors" / "meetings.json"
ZERO = bytes(32)


def sha(data):
    return hashlib.sha256(data).digest()


def little(value, size):
    return value.to_bytes(size, "little")


def hkdf(secret, info, salt=b""):
    extracted = hmac.new(salt or bytes(32), secret, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


# Curve 25519 in both forms: RFC 8032 signatures and RFC 7748 agreement.
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, -1, PRIME) % PRIME


def join_points(left, right):
    """Adds two points in extended coordinates."""
    a = (left[1] - left[0]) * (right[1] - right[0]) % PRIME
    b = (left[1] + left[0]) * (right[1] + right[0]) % PRIME
    c = 2 * CURVE * left[3] * right[3] % PRIME
    d = 2 * left[2] * right[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def times(scalar, point):
    result = (0, 1, 1, 0)
    for bit in bin(scalar)[2:]:
        result = join_points(result, result)
        if bit == "1":
            result = join_points(result, point)
    return result


def base_point():
    y = 4 * pow(5, -1, PRIME) % PRIME
    square = (y * y - 1) * pow(CURVE * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if x % 2:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


BASE = base_point()


def point_bytes(point):
    inverse = pow(point[2], -1, PRIME)
    x, y = point[0] * inverse % PRIME, point[1] * inverse % PRIME
    return little(y | (x & 1) << 255, 32)


class SigningKey:
    def __init__(self, seed):
        self.seed = seed
        digest = hashlib.sha512(seed).digest()
        self.scalar = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
        self.prefix = digest[32:]
        self.public = point_bytes(times(self.scalar, BASE))

    def sign(self, message):
        def number(*parts):
            return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % ORDER

        nonce = number(self.prefix, message)
        point = point_bytes(times(nonce, BASE))
        challenge = number(point, self.public, message)
        return point + little((nonce + challenge * self.scalar) % ORDER, 32)


def ladder(scalar, u):
    """X25519: the shared coordinate of a seed and a public coordinate."""
    k = int.from_bytes(scalar, "little") & (1 << 254) - 8 | 1 << 254
    start = int.from_bytes(u, "little") & (1 << 255) - 1
    x2, z2, x3, z3, swapped = 1, 0, start, 1, 0
    for place in reversed(range(255)):
        bit = k >> place & 1
        if swapped != bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swapped = bit
        plus, minus = x2 + z2, x2 - z2
        plus_square, minus_square = plus * plus % PRIME, minus * minus % PRIME
        difference = plus_square - minus_square
        left, right = (x3 - z3) * plus % PRIME, (x3 + z3) * minus % PRIME
        x3 = (left + right) ** 2 % PRIME
        z3 = start * (left - right) ** 2 % PRIME
        x2 = plus_square * minus_square % PRIME
        z2 = difference * (plus_square + 121665 * difference) % PRIME
    if swapped:
        x2, z2 = x3, z3
    return little(x2 * pow(z2, -1, PRIME) % PRIME, 32)


NINE = little(9, 32)


# AES-256 in Galois/counter mode, FIPS 197 and SP 800-38D.
def double(byte):
    return (byte << 1 ^ 0x1B) & 0xFF if byte & 0x80 else byte << 1


def substitutions():
    table = [0x63] * 256
    left = right = 1
    while True:
        left ^= double(left)
        for shift in (1, 2, 4):
            right ^= right << shift & 0xFF
        if right & 0x80:
            right ^= 0x09
        mixed = right
        for turn in range(1, 5):
            mixed ^= (right << turn | right >> 8 - turn) & 0xFF
        table[left] = mixed ^ 0x63
        if left == 1:
            return table


BOX = substitutions()


def round_keys(key):
    words = [list(key[place:place + 4]) for place in range(0, 32, 4)]
    constant = 1
    while len(words) < 60:
        word = words[-1]
        if len(words) % 8 == 0:
            word = [BOX[byte] for byte in word[1:] + word[:1]]
            word[0] ^= constant
            constant = double(constant)
        elif len(words) % 8 == 4:
            word = [BOX[byte] for byte in word]
        words.append([old ^ new for old, new in zip(words[-8], word)])
    return [sum(words[place:place + 4], []) for place in range(0, 60, 4)]


def encrypt_block(keys, block):
    state = [byte ^ key for byte, key in zip(block, keys[0])]
    for number, key in enumerate(keys[1:], 1):
        state = [BOX[state[(place + 4 * (place % 4)) % 16]] for place in range(16)]
        if number < 14:
            mixed = []
            for column in range(0, 16, 4):
                four = state[column:column + 4]
                whole = four[0] ^ four[1] ^ four[2] ^ four[3]
                for row in range(4):
                    mixed.append(four[row] ^ whole ^ double(four[row] ^ four[(row + 1) % 4]))
            state = mixed
        state = [byte ^ part for byte, part in zip(state, key)]
    return bytes(state)


def field_product(left, right):
    """Multiplies in the field of 2^128 elements, bits in GCM's order."""
    result = 0
    for place in reversed(range(128)):
        if right >> place & 1:
            result ^= left
        left = left >> 1 ^ (0xE1 << 120 if left & 1 else 0)
    return result


def seal(content, key, associated=b""):
    """The sealed bytes and their tag; the nonce is zeros, since a key serves once."""
    keys = round_keys(key)
    head = bytes(12)
    sealed = bytearray()
    for number, place in enumerate(range(0, len(content), 16), 2):
        stream = encrypt_block(keys, head + number.to_bytes(4, "big"))
        sealed += bytes(byte ^ part for byte, part in zip(content[place:place + 16], stream))
    hash_key = int.from_bytes(encrypt_block(keys, bytes(16)), "big")
    total = 0
    lengths = (8 * len(associated)).to_bytes(8, "big") + (8 * len(sealed)).to_bytes(8, "big")
    for part in (associated, bytes(sealed), lengths):
        for place in range(0, len(part), 16):
            block = part[place:place + 16].ljust(16, b"\0")
            total = field_product(total ^ int.from_bytes(block, "big"), hash_key)
    mask = encrypt_block(keys, head + (1).to_bytes(4, "big"))
    return bytes(sealed) + bytes(a ^ b for a, b in zip(total.to_bytes(16, "big"), mask))


# What the page on meetings says.
def fixed(name, count=32):
    return sha(b"meeting vectors: " + name.encode())[:count]


def salt_of(name):
    return fixed("salt " + name, 16)


def author_seed(identity, meeting, device):
    return hkdf(identity, b"phi/author/1" + meeting + little(device, 4))


def agreement_seed(identity, meeting, device):
    return hkdf(identity, b"phi/agree/1" + meeting + little(device, 4))


def host_seed(identity, salt, device):
    return hkdf(identity, b"phi/host/1" + salt + little(device, 4))


class Secret:
    def __init__(self, name):
        self.bytes = fixed("secret " + name)
        self.read_check = sha(b"phi/read-check/1" + self.bytes)
        self.read_key = hkdf(self.bytes, b"phi/read/1")
        self.link_seed = hkdf(self.bytes, b"phi/link/1")
        self.link_key = SigningKey(self.link_seed)


FIRST, SECOND = Secret("first"), Secret("second")
MEETING = fixed("meeting")


def padded_length(count):
    if count < 2:
        return count
    exponent = count.bit_length() - 1
    free = exponent - exponent.bit_length()
    unit = 1 << max(0, free)
    return -(-count // unit) * unit


def padded(content):
    marked = content + b"\x80"
    return marked.ljust(padded_length(len(marked)), b"\0")


def place(meeting, author, sequence):
    return meeting + author + little(sequence, 8)


def message_key(secret, salt, where):
    return hkdf(secret.read_key, b"phi/message/1" + where, salt)


def sealed_message(content, secret, epoch, salt, where):
    key = message_key(secret, salt, where)
    return salt + little(epoch, 2) + seal(padded(content), key, where)


def sealed_title(title, secret, salt, author, sequence):
    where = place(ZERO, author, sequence)
    key = hkdf(secret.read_key, b"phi/title/1" + where, salt)
    return seal(padded(title.encode()), key, where)


BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def bech32m(prefix, data):
    """BIP 350, with the constant of the m variant."""
    number = int.from_bytes(data, "big") << -8 * len(data) % 5
    count = -(-8 * len(data) // 5)
    values = [number >> 5 * digit & 31 for digit in reversed(range(count))]
    letters = [ord(letter) for letter in prefix]
    spread = [letter >> 5 for letter in letters] + [0] + [letter & 31 for letter in letters]
    check = 1
    for value in spread + values + [0] * 6:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(
            (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
        ):
            if top >> bit & 1:
                check ^= generator
    check ^= 0x2BC830A3
    values += [check >> 5 * digit & 31 for digit in reversed(range(6))]
    return prefix + "1" + "".join(BECH32[value] for value in values)


def link_tail(meeting, prefix, secret, peers):
    name = bech32m(prefix, meeting)
    if not secret and not peers:
        return name
    front = b"\x01\x01" + secret if secret else b"\x01\x00"
    fragment = front + little(len(peers), 1) + b"".join(map(b"".join, peers))
    return name + "#" + base64.urlsafe_b64encode(fragment).decode().rstrip("=")


# The sections of the file, in its order.
def key_sections():
    salt = salt_of("open")
    for name, device in (("host", 0), ("guest", 0x01020304)):
        identity = fixed("identity " + name)
        author = author_seed(identity, MEETING, device)
        agreement = agreement_seed(identity, MEETING, device)
        host = host_seed(identity, salt, device)
        yield {
            "identity": identity, "device": device, "meeting": MEETING, "authorSeed": author,
            "author": SigningKey(author).public, "agreementSeed": agreement,
            "agreement": ladder(agreement, NINE), "openSalt": salt, "hostSeed": host,
            "host": SigningKey(host).public,
        }


def secret_sections():
    for secret in (FIRST, SECOND):
        yield {
            "secret": secret.bytes, "readCheck": secret.read_check, "readKey": secret.read_key,
            "linkSeed": secret.link_seed, "linkKey": secret.link_key.public,
        }


def link_sections():
    for prefix, has_secret, count in (
        ("phi", False, 0), ("phit", True, 0), ("phid", False, 1), ("phid", True, 4),
    ):
        secret = FIRST.bytes if has_secret else None
        peers = [
            (fixed("address %d" % number, 19), fixed("peer %d" % number))
            for number in range(count)
        ]
        tail = link_tail(MEETING, prefix, secret, peers)
        yield {
            "meeting": MEETING, "prefix": prefix, "secret": secret,
            "peers": [{"address": address, "identity": key} for address, key in peers],
            "text": "phi:" + tail, "webText": "https://phi.example/m/" + tail,
        }


def padding_sections():
    for count in (
        0, 1, 2, 3, 6, 7, 8, 9, 14, 15, 16, 17, 30, 31, 32, 33, 62, 63, 64, 65, 99, 126, 127, 128,
        129, 254, 255, 256, 257, 1000, 1023, 1024, 1025, 4095, 4096, 30719, 30720, 32000,
    ):
        yield {"content": count, "padded": padded_length(count + 1)}


def title_sections():
    author = fixed("author")
    for title, is_private, sequence in (
        ("Board", True, 0), ("Grüße an alle 🌍", True, 7), ("", True, 0),
        ("Town hall", False, 0),
    ):
        salt = salt_of("title " + title)
        sealed = sealed_title(title, FIRST, salt, author, sequence)
        yield {
            "title": title, "secret": FIRST.bytes if is_private else None, "salt": salt,
            "author": author, "seq": sequence,
            "bytes": sealed if is_private else title.encode(),
        }


def members():
    for number, name in enumerate(("one", "two"), 1):
        identity = fixed("identity " + name)
        author = SigningKey(author_seed(identity, MEETING, 0)).public
        seed = agreement_seed(identity, MEETING, 0)
        agreement = ladder(seed, NINE)
        ephemeral_seed = fixed("ephemeral %d" % number)
        ephemeral = ladder(ephemeral_seed, NINE)
        key = hkdf(
            ladder(ephemeral_seed, agreement),
            b"phi/rekey/1" + MEETING + author + little(1, 2),
            ephemeral + agreement,
        )
        yield {
            "author": author, "agreementSeed": seed, "agreement": agreement,
            "ephemeralSeed": ephemeral_seed, "ephemeral": ephemeral,
            "sealed": seal(SECOND.bytes, key),
        }


def delivery(previous, served):
    blobs = [one["author"] + one["ephemeral"] + one["sealed"] for one in served]
    return b"\x07" + little(1, 2) + previous + little(len(blobs), 2) + b"".join(blobs)


def epoch_section():
    key = hkdf(SECOND.bytes, b"phi/previous/1" + MEETING + little(1, 2))
    previous = seal(FIRST.bytes, key)
    served = list(members())
    return {
        "meeting": MEETING, "epoch": 1, "secret": SECOND.bytes, "previousSecret": FIRST.bytes,
        "previous": previous, "members": served, "delivery": delivery(previous, served),
        "bridge": delivery(previous, []), "deliveryWithoutHistory": delivery(bytes(48), served),
    }


def about(number, entry, text):
    fields = {"type": number, "entry": entry, "text": text}
    return fields, little(number, 1) + entry + text.encode()


def said(text):
    return {"type": 1, "text": text}, b"\x01" + text.encode()


def sample_contents():
    entry = fixed("entry")
    yield ("text",) + said("Grüße, 世界 🌍")
    yield ("empty text",) + said("")
    yield ("long text",) + said("0123456789" * 100)
    yield ("reply",) + about(2, entry, "yes")
    yield ("reaction",) + about(3, entry, "👍")
    yield ("correction",) + about(4, entry, 'I meant "no"\nand nothing else')
    yield "file part", {"type": 5, "bytes": fixed("file")}, b"\x05" + fixed("file")
    named = b"\x06\x03Ada"
    yield "profile", {"type": 6, "name": "Ada", "identity": None, "signature": None}, named
    identity = SigningKey(fixed("identity guest"))
    author = SigningKey(author_seed(identity.seed, MEETING, 0)).public
    signature = identity.sign(b"phi/profile/1" + MEETING + author)
    fields = {"type": 6, "name": "Ada", "identity": identity.public, "signature": signature}
    yield "profile with identity", fields, named + identity.public + signature
    yield "epoch", {"type": 7, "epoch": 1}, epoch_section()["delivery"]


def content_sections():
    author = SigningKey(author_seed(fixed("identity guest"), MEETING, 0)).public
    for index, (name, fields, content) in enumerate(sample_contents()):
        sequence = 2**40 + 3 if index == 1 else index
        where = place(MEETING, author, sequence)
        salt = salt_of(name)
        yield {
            "name": name, "content": fields, "encoded": content, "salt": salt,
            "public": salt + content, "secret": FIRST.bytes, "epoch": index, "meeting": MEETING,
            "author": author, "seq": sequence, "key": message_key(FIRST, salt, where),
            "private": sealed_message(content, FIRST, index, salt, where),
        }


# Trees, headers and entries, as the page on the protocol has them.
def tree_root(leaves):
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha(b"\x01" + tree_root(leaves[:split]) + tree_root(leaves[split:]))


def tree_path(index, leaves):
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return tree_path(index, leaves[:split]) + [tree_root(leaves[split:])]
    return tree_path(index - split, leaves[split:]) + [tree_root(leaves[:split])]


PARAMETERS = b"".join(
    little(value, size)
    for value, size in (
        (1, 2), (1_000, 4), (60_000, 4), (1, 4), (60_000, 4), (30_000, 4), (6_000, 4),
        (60_000, 4), (255, 2), (0, 2), (100, 4), (524_288, 4), (2_048, 4), (32_768, 4), (0, 4),
        (1_024, 4), (100, 4), (0, 4),
    )
)
TARGET, BITS = 1 << 255, 0x21008000
WORK = (1 << 256) // (TARGET + 1)


class Chain:
    def __init__(self):
        self.headers = []
        self.add([])

    def add(self, entries):
        height = len(self.headers)
        bodies = [entry["bytes"] for entry in entries]
        previous = self.hash(-1) if height else sha(b"phi/parameters/1" + PARAMETERS)
        front = (
            little(1, 4) + little(height, 4) + little(len(entries), 4)
            + little(sum(map(len, bodies)), 4) + previous
            + tree_root([entry["leaf"] for entry in entries]) + tree_root(self.leaves(height))
            + little(WORK * (height + 1), 16) + little(1_700_000_000_000 + 1_000 * height, 8)
            + little(0, 8) + little(BITS, 4)
        )
        nonce = 0
        while int.from_bytes(sha(sha(front + little(nonce, 8))), "big") > TARGET:
            nonce += 1
        self.headers.append(front + little(nonce, 8))

    def hash(self, height):
        return sha(sha(self.headers[height]))

    def leaves(self, count):
        return [sha(b"\x00" + header) for header in self.headers[:count]]


KINDS = {"message": 1, "open": 2, "join": 3, "admit": 4, "revoke": 5, "close": 6, "approve": 7}
PREFIX = {"id": b"phi/entry-id/v1\0", "payload": b"phi/payload/v1\0\0"}


def stamp_nonce(name, work):
    front = b"phi/stamp/v1\0\0\0\0" + name + bytes(16) + bytes(12) + little(work, 8)
    bound = (2**64 - 1) // work
    nonce = 0
    while int.from_bytes(sha(sha(front + little(nonce, 8)))[:8], "big") > bound:
        nonce += 1
    return nonce


class Story:
    def __init__(self):
        self.chain = Chain()
        for _ in range(3):
            self.chain.add([])
        self.entries = []
        self.record = []
        self.tell_private()
        self.chain.add(self.record[:5])
        self.chain.add(self.record[5:])
        self.chain.add([self.approval])
        for _ in range(3):
            self.chain.add([])
        self.tell_others()

    def write(self, name, kind, author, meeting, payload, inputs, after=None, recorded=False):
        sequence = after["seq"] + 1 if after else 0
        previous = after["id"] if after else ZERO
        anchor = self.chain.hash(2)
        named = (
            little(1, 2) + little(KINDS[kind], 2) + little(len(payload), 4) + self.chain.hash(0)
            + meeting + author.public + little(sequence, 8) + previous + little(2, 4)
            + anchor[16:] + little(1_700_000_123_456, 8) + sha(PREFIX["payload"] + payload)
        )
        identifier = sha(PREFIX["id"] + named)
        signature = author.sign(b"phi/sign-entry/1" + identifier)
        work = 64 if kind == "open" else 4 if sequence == 0 else 1
        nonce = stamp_nonce(identifier, work)
        envelope = named + signature + little(work, 8) + little(nonce, 8)
        entry = {
            "name": name, "kind": kind, "inputs": inputs, "meeting": meeting,
            "authorSeed": author.seed, "author": author.public, "seq": sequence,
            "previous": previous, "anchorHeight": 2, "anchorHash": anchor,
            "time": 1_700_000_123_456, "payload": payload, "id": identifier,
            "signature": signature, "work": work, "nonce": nonce,
            "leaf": sha(b"\x00" + envelope), "bytes": envelope + payload,
        }
        self.entries.append(entry)
        if recorded:
            self.record.append(entry)
        return entry

    def say(self, text, name, author, after=None, reply_to=None):
        fields, content = about(2, reply_to["id"], text) if reply_to else said(text)
        sequence = after["seq"] + 1 if after else 0
        where = place(self.meeting, author.public, sequence)
        payload = sealed_message(content, FIRST, 0, salt_of(name), where)
        inputs = {"content": fields, "epoch": 0, "secret": FIRST.bytes}
        return self.write(
            name + ", private", "message", author, self.meeting, payload, inputs, after, True
        )

    def tell_private(self):
        salt = salt_of("open")
        host = SigningKey(host_seed(fixed("identity host"), salt, 0))
        title = sealed_title("Board", FIRST, salt, host.public, 0)
        terms = (
            salt + b"\x01\x01" + FIRST.link_key.public + FIRST.read_check + little(0, 4)
            + little(len(title), 2) + title
        )
        opened = self.write(
            "open", "open", host, ZERO, terms,
            {
                "title": "Board", "reading": "private", "writing": "link", "lifetime": 0,
                "secret": FIRST.bytes,
            },
            recorded=True,
        )
        self.meeting = opened["id"]
        identity = fixed("identity guest")
        guest = SigningKey(author_seed(identity, self.meeting, 0x01020304))
        agreement = ladder(agreement_seed(identity, self.meeting, 0x01020304), NINE)
        admission = FIRST.link_key.sign(b"phi/admit/1" + self.meeting + guest.public)
        join = self.write(
            "join by link", "join", guest, self.meeting, salt_of("join") + admission + agreement,
            {"secret": FIRST.bytes, "agreement": agreement}, recorded=True,
        )
        message = self.say("We are all here.", "message", host)
        self.say("Not all.", "reply", guest, after=join, reply_to=message)
        link_key, check = SECOND.link_key.public, SECOND.read_check
        revoke = self.write(
            "revoke with a new epoch", "revoke", host, self.meeting,
            salt_of("revoke") + little(1, 2) + guest.public + link_key + check,
            {"keys": [guest.public], "linkKey": link_key, "readCheck": check}, message, True,
        )
        close = self.write(
            "close", "close", host, self.meeting, salt_of("close"), {}, revoke, True
        )
        leaves = [entry["leaf"] for entry in self.record]
        roots = [tree_root(leaves[:count]) for count in range(1, len(leaves) + 1)]
        self.minutes = {
            "meeting": self.meeting, "leaves": leaves, "roots": roots, "count": len(leaves),
            "root": roots[-1],
        }
        self.approval = self.write(
            "approve", "approve", host, self.meeting,
            salt_of("approve") + close["id"] + little(len(leaves), 8) + roots[-1],
            {"close": close["id"], "count": len(leaves), "root": roots[-1]}, close,
        )

    def tell_others(self):
        salt = salt_of("named")
        host = SigningKey(host_seed(fixed("identity host"), salt, 0))
        title = b"Town hall"
        terms = (
            salt + b"\x00\x02" + ZERO + ZERO + little(1_000, 4) + little(len(title), 2) + title
        )
        opened = self.write(
            "open, public and named", "open", host, ZERO, terms,
            {
                "title": "Town hall", "reading": "public", "writing": "named",
                "lifetime": 1_000, "secret": None,
            },
        )
        meeting = opened["id"]
        people = [
            SigningKey(author_seed(fixed("identity " + name), meeting, 0))
            for name in ("guest", "one", "two")
        ]
        keys = [person.public for person in people]
        admit = self.write(
            "admit", "admit", host, meeting,
            salt_of("admit") + little(3, 2) + b"".join(sorted(keys)), {"keys": keys},
        )
        join = self.write(
            "join without a link", "join", people[0], meeting,
            salt_of("plain join") + bytes(64) + ZERO, {"secret": None, "agreement": None},
        )
        fields, content = said("Grüße, 世界 🌍")
        self.write(
            "message, public", "message", people[0], meeting, salt_of("public") + content,
            {"content": fields}, join,
        )
        self.write(
            "revoke of two authors", "revoke", host, meeting,
            salt_of("plain revoke") + little(2, 2) + b"".join(sorted(keys[1:])) + ZERO + ZERO,
            {"keys": keys[1:], "linkKey": ZERO, "readCheck": ZERO}, admit,
        )

    def receipts(self):
        headers, leaves = self.chain.headers, self.chain.leaves
        block = [entry["leaf"] for entry in self.record[:5]]
        middle, last = self.record[2], self.record[5]
        whole = [("payload", middle["payload"]), ("header", headers[4]), ("index", 2)]
        whole += [("proof", part) for part in tree_path(2, block)]
        whole += [("anchor", headers[2])]
        whole += [("aproof", part) for part in tree_path(2, leaves(4))]
        whole += [("confirm", header) for header in headers[5:7]] + [("tip", headers[9])]
        whole += [("hproof", part) for part in tree_path(4, leaves(9))]
        yield {"name": "whole", "text": self.receipt(middle, whole)}
        yield {"name": "least", "text": self.receipt(last, [("header", headers[5]), ("index", 0)])}
        yield {"name": "approval", "text": self.approval_receipt()}

    def approval_receipt(self):
        """What proves that consensus accepted the minutes."""
        headers = self.chain.headers
        return self.receipt(self.approval, [
            ("payload", self.approval["payload"]), ("header", headers[6]), ("index", 0),
            ("confirm", headers[7]), ("confirm", headers[8]),
        ])

    def minutes_files(self):
        front = [{"format": "phi-minutes/v1"}]
        whole = front + [minutes_line("record", entry) for entry in self.record]
        whole += [minutes_line("approval", self.approval), {"receipt": self.approval_receipt()}]
        for epoch, secret in enumerate((FIRST, SECOND)):
            whole.append({"secret": {"epoch": epoch, "secret": secret.bytes.hex()}})
        whole.append({"later": [1, 2, 3]})
        least = front + [
            minutes_line("record", entry, erased=number == 2)
            for number, entry in enumerate(self.record)
        ]
        for name, lines in (("whole", whole), ("least", least)):
            text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
            yield {"name": name, "text": text}

    def receipt(self, entry, rest):
        front = [
            ("parameters", PARAMETERS), ("genesis", self.chain.headers[0]),
            ("entry", entry["bytes"][:284]),
        ]
        lines = ["phi-receipt/v1"]
        for word, value in front + rest:
            text = str(value) if isinstance(value, int) else base64.b64encode(value).decode()
            lines.append(word + " " + text)
        return "\n".join(lines) + "\n\n"


def minutes_line(word, entry, erased=False):
    fields = {"envelope": base64.b64encode(entry["bytes"][:284]).decode()}
    if not erased:
        fields["payload"] = base64.b64encode(entry["payload"]).decode()
    return {word: fields}


def written(value):
    """Bytes as hexadecimal digits, generators as lists."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {name: written(member) for name, member in value.items()}
    if isinstance(value, (str, int)) or value is None:
        return value
    return [written(element) for element in value]


def document():
    story = Story()
    value = {
        "about": "What docs/meetings.md lays down; reproduced by scripts/meeting-vectors.py.",
        "network": {
            "prefix": "phid", "parameters": PARAMETERS, "genesis": story.chain.headers[0],
            "chain": story.chain.hash(0),
        },
        "keys": key_sections(),
        "secrets": secret_sections(),
        "links": link_sections(),
        "padding": padding_sections(),
        "titles": title_sections(),
        "epoch": epoch_section(),
        "contents": content_sections(),
        "entries": story.entries,
        "minutes": story.minutes,
        "receipts": story.receipts(),
        "minutesFiles": story.minutes_files(),
    }
    return json.dumps(written(value), indent=2, ensure_ascii=False) + "\n"


def check_ciphers():
    """Known answers, so that an error here is not taken for one of the vectors."""
    keys = round_keys(bytes(range(32)))
    block = bytes.fromhex("00112233445566778899aabbccddeeff")
    assert encrypt_block(keys, block).hex() == "8ea2b7ca516745bfeafc49904b496089", "FIPS 197, C.3"
    answer = "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
    assert seal(bytes(16), bytes(32)).hex() == answer, "test case 14 of the GCM specification"
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    assert SigningKey(bytes.fromhex(seed)).public.hex() == public, "RFC 8032, 7.1"
    scalar = "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"
    start = "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"
    shared = "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
    assert ladder(bytes.fromhex(scalar), bytes.fromhex(start)).hex() == shared, "RFC 7748, 5.2"


def main():
    check_ciphers()
    made = document()
    if sys.argv[1:] == ["--check"]:
        found = FILE.read_text(encoding="utf-8")
        if made != found:
            pairs = zip(made.splitlines(), found.splitlines())
            line = next((n for n, (a, b) in enumerate(pairs, 1) if a != b), "past the end")
            sys.exit("%s differs, first in line %s" % (FILE, line))
        print("%s is as this script makes it" % FILE.name)
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        sys.stdout.write(made)


if __name__ == "__main__":
    main()
