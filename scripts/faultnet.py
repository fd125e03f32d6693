"""Nodes in network namespaces, and links between them that delay, lose, reorder and cut packets.

Needs root and /dev/net/tun on Linux and nothing else, not even a kernel with netem: every namespace
has one TUN device, and a process of its own carries each packet from one to the other, or not. Each
direction of each pair of nodes has its own rules. Namespaces have no names here. They are held by
file descriptors only, so that none is left behind however the script ends. Standard library only.
"""
import ctypes
import fcntl
import heapq
import json
import os
import random
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

NEW_NETWORK = 0x4000_0000
NETWORK_PREFIX = bytes([10, 77, 0])
DEVICE = b"phi0"
MTU = 1_500
# Packets that wait in one direction of one link at most, as in netem.
QUEUE_LIMIT = 1_000
LONGEST_LATE = 0.05
LIBC = ctypes.CDLL(None, use_errno=True)
GREATEST_MESSAGE = 1 << 18


def obstacle():
    """Why namespaces cannot be used here, or nothing."""
    if not sys.platform.startswith("linux"):
        return "network namespaces need Linux"
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not os.path.exists("/dev/net/tun"):
        return "there is no /dev/net/tun"
    try:
        Space(1).close()
    except OSError as error:
        return "no namespace with a TUN device can be made: %s" % error
    return None


def checked(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, "%s: %s" % (what, os.strerror(number)))


class Space:
    """A network namespace with the address 10.77.0.NUMBER on a TUN device."""

    def __init__(self, number):
        self.address = "10.77.0.%d" % number
        self.descriptor = self.device = None
        failures = []

        def body():
            try:
                self.make()
            except OSError as error:
                failures.append(error)
        # Only the thread moves into the new namespace, and it ends at once.
        thread = threading.Thread(target=body)
        thread.start()
        thread.join()
        if failures:
            self.close()
            raise failures[0]

    def make(self):
        checked(LIBC.unshare(NEW_NETWORK), "unshare")
        self.descriptor = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        self.device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        tun_without_header = 0x1001
        fcntl.ioctl(self.device, 0x4004_54CA, struct.pack("16sH22x", DEVICE, tun_without_header))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
            def address(text):
                return struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(text))

            def ask(request, device, value):
                fcntl.ioctl(control, request, struct.pack("16s24s", device, value))
            up_and_running = struct.pack("H", 0x41)
            ask(0x8914, b"lo", up_and_running)
            ask(0x8916, DEVICE, address(self.address))
            ask(0x891C, DEVICE, address("255.255.255.0"))
            ask(0x8922, DEVICE, struct.pack("i", MTU))
            ask(0x8914, DEVICE, up_and_running)

    def enter(self):
        """Moves the calling thread, or a process about to be started, into the namespace."""
        checked(LIBC.setns(self.descriptor, NEW_NETWORK), "setns")

    def connect(self, port, seconds):
        """A TCP connection to a server on the namespace's loopback address."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        try:
            self.enter()
            try:
                made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            finally:
                checked(LIBC.setns(home, NEW_NETWORK), "setns")
        finally:
            os.close(home)
        made.settimeout(seconds)
        try:
            made.connect(("127.0.0.1", port))
        except OSError:
            made.close()
            raise
        return made

    def close(self):
        for descriptor in (self.device, self.descriptor):
            if descriptor is not None:
                os.close(descriptor)
        self.device = self.descriptor = None


class Rule:
    """What happens to packets in one direction of one link; times in seconds, shares of 1."""

    def __init__(self, delay=0.0, jitter=0.0, loss=0.0, reorder=0.0, duplicate=0.0, cut=False):
        self.delay = delay
        self.jitter = jitter
        self.loss = loss
        self.reorder = reorder
        self.duplicate = duplicate
        self.cut = cut

    @property
    def fields(self):
        return vars(self)


class Links:
    """The process that carries packets between namespaces, and the rules that it follows."""

    def __init__(self, spaces, seed, start):
        self.spaces = spaces
        self.control, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control.settimeout(20)
        devices = [space.device for space in spaces]
        command = [sys.executable, os.path.abspath(__file__), str(seed), str(other.fileno()),
                   *map(str, devices)]
        with other:
            self.process = start(command, pass_fds=[other.fileno(), *devices],
                                 stdin=subprocess.DEVNULL)
        self.set({})

    def set(self, rules, everywhere=None):
        """Puts rules in force by (from, to), numbered from 0, and one for all other directions."""
        document = {"everywhere": (everywhere or Rule()).fields,
                    "rules": [[*pair, rule.fields] for pair, rule in sorted(rules.items())]}
        self.ask(document)

    def traffic(self):
        """For each node what it sent and received, and what was lost between all of them."""
        return self.ask({"traffic": True})

    def ask(self, document):
        self.control.send(json.dumps(document).encode())
        return json.loads(self.control.recv(GREATEST_MESSAGE))

    def close(self):
        self.control.close()
        self.process.kill()
        self.process.wait()


class Carrier:
    """Carries packets by the rules; runs in a process of its own."""

    def __init__(self, seed, control, devices):
        self.chance = random.Random(seed)
        self.control = control
        self.devices = devices
        self.everywhere = Rule()
        self.rules = {}
        self.waiting = []
        self.counter = 0
        self.last = {}
        self.queued = {}
        self.sent = [[0, 0] for _ in devices]
        self.received = [[0, 0] for _ in devices]
        self.dropped = 0

    def run(self):
        poll = select.epoll()
        places = {device: place for place, device in enumerate(self.devices)}
        for device in self.devices:
            poll.register(device, select.EPOLLIN)
        poll.register(self.control.fileno(), select.EPOLLIN | select.EPOLLHUP)
        while True:
            self.deliver()
            wait = max(0, self.waiting[0][0] - time.monotonic()) if self.waiting else -1
            for descriptor, _ in poll.poll(wait):
                if descriptor in places:
                    self.read(places[descriptor])
                elif not self.obey():
                    return

    def obey(self):
        message = self.control.recv(GREATEST_MESSAGE)
        if not message:
            return False
        document = json.loads(message)
        answer = {}
        if "traffic" in document:
            answer = {"sent": self.sent, "received": self.received, "dropped": self.dropped}
        else:
            self.everywhere = Rule(**document["everywhere"])
            self.rules = {(here, there): Rule(**fields) for here, there, fields
                          in document["rules"]}
        self.control.send(json.dumps(answer).encode())
        return True

    def read(self, here):
        for _ in range(64):
            try:
                packet = os.read(self.devices[here], 65_536)
            except BlockingIOError:
                return
            if packet[0] >> 4 == 4 and packet[16:19] == NETWORK_PREFIX:
                there = packet[19] - 1
                if 0 <= there < len(self.devices):
                    self.take(here, there, packet)

    def take(self, here, there, packet):
        self.sent[here][0] += 1
        self.sent[here][1] += len(packet)
        pair = (here, there)
        rule = self.rules.get(pair, self.everywhere)
        if rule.cut or (rule.loss and self.chance.random() < rule.loss):
            self.dropped += 1
            return
        self.enqueue(pair, rule, packet)
        if rule.duplicate and self.chance.random() < rule.duplicate:
            self.enqueue(pair, rule, packet)

    def enqueue(self, pair, rule, packet):
        if self.queued.get(pair, 0) >= QUEUE_LIMIT:
            self.dropped += 1
            return
        due = time.monotonic() + rule.delay
        if rule.jitter:
            due += rule.jitter * self.chance.random()
        if rule.reorder and self.chance.random() < rule.reorder:
            due += LONGEST_LATE * self.chance.random()
        else:
            due = max(due, self.last.get(pair, 0))
            self.last[pair] = due
        self.queued[pair] = self.queued.get(pair, 0) + 1
        self.counter += 1
        heapq.heappush(self.waiting, (due, self.counter, pair, packet))

    def deliver(self):
        while self.waiting and self.waiting[0][0] <= time.monotonic():
            _, _, pair, packet = heapq.heappop(self.waiting)
            self.queued[pair] -= 1
            there = pair[1]
            try:
                os.write(self.devices[there], packet)
            except OSError:
                self.dropped += 1
                continue
            self.received[there][0] += 1
            self.received[there][1] += len(packet)


def main(arguments):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    seed, control, *devices = map(int, arguments)
    try:
        # Late packets would be a fault that nobody asked for.
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    except OSError:
        pass
    with socket.socket(fileno=control) as connection:
        Carrier(seed, connection, devices).run()


if __name__ == "__main__":
    main(sys.argv[1:])
