"""The benchmarks themselves, one function each; `bench` runs them."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import benchreport
import localnet
from localnet import Failure, Network, Node, wait_until

IMPORT_PATIENCE = 3_600
MEASURE_PATIENCE = 1_800
SYNC_PATIENCE = 1_800
RELAY_INTERVAL = 1_500
MINING_DUTY = "0.02"
RELAY_LINKS = "", "a", "b", "ac", "d", "be", "f", "eg"
CONNECTIONS = 1, 16, 64
TICK = os.sysconf("SC_CLK_TCK")


class QuietNode(Node):
    """A node that does not mine."""

    def start(self, peers=(), wait=True):
        command = ["node", "run", "--network", self.network.genesis, "--data", self.folder,
                   "--listen", "127.0.0.1:0", "--rpc", "127.0.0.1:0", "--local", "--no-mine",
                   "--json", *self.arguments]
        for peer in peers:
            command += ["--peer", peer]
        self.announced = None
        with open(self.log, "ab") as log:
            self.process = self.network.program.start(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        self.reader = localnet.threading.Thread(target=self.listen, args=(self.process,),
                                                daemon=True)
        self.reader.start()
        if wait:
            self.wait_announced()

    @property
    def place(self):
        """The options that lead phi-measure to the node."""
        return ["--rpc-url", self.url, "--token-file", self.folder / "rpc.token"]

    @property
    def processor_seconds(self):
        fields = pathlib.Path("/proc/%d/stat" % self.process.pid).read_text().rsplit(")", 1)[1]
        return sum(map(int, fields.split()[11:13])) / TICK

    def wait_idle(self):
        """Waits until the store has put its tables in order after an import."""
        def check():
            spent = self.processor_seconds
            time.sleep(1)
            return self.processor_seconds - spent < 0.03
        wait_until("%s had nothing more to do" % self.name, 120, check)

    def memory(self, field):
        """Megabytes of resident memory: VmRSS now, VmHWM at most."""
        for line in pathlib.Path("/proc/%d/status" % self.process.pid).read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1_024 / 1e6
        raise Failure("the system does not tell how much memory a process has")


class Bench:
    """What all benchmarks share: the programs, one temporary folder, the chains made so far."""

    def __init__(self, given, binary, measure):
        self.given = given
        self.measure = str(measure)
        self.network = Network(binary, given.keep, MINING_DUTY)
        self.chains = {}
        self.nodes = 0
        self.row = None

    def close(self):
        self.network.close()

    def run(self, name, measured):
        self.row = benchreport.Row(name)
        self.network.genesis = "dev"
        try:
            measured(self)
        finally:
            for node in self.network.nodes:
                node.kill()
            self.network.nodes.clear()
        return self.row

    def rounds(self, usual=5):
        """A warm-up, whose figures do not count, and then the rounds."""
        count = self.given.rounds or (2 if self.given.quick else usual)
        for number in range(count + 1):
            self.row.counts = number > 0
            print("%s: %s" % (self.row.name, "round %d of %d" % (number, count) if number
                              else "warm-up"), file=sys.stderr)
            yield number
        self.row.counts = True

    def note(self, name, value, unit, better="more", aim=None):
        self.row.note(name, value, unit, better, aim)

    def figures(self, *arguments):
        """The figures of one of phi-measure's measurements by their names."""
        command = [self.measure, *map(str, arguments), "--json"]
        ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               timeout=MEASURE_PATIENCE, preexec_fn=localnet.die_with_parent,
                               env=dict(os.environ, TMPDIR=str(self.network.folder)))
        if ended.returncode != 0:
            raise Failure("phi-measure %s: %s" % (arguments[0], ended.stderr.strip()[-1_000:]))
        return {row["name"]: row for row in json.loads(ended.stdout)["figures"]}

    def copy(self, figures, names=None, aims=None):
        """Keeps figures of phi-measure, where named with an aim."""
        for name in names or figures:
            row = figures[name]
            better = "less" if row["unit"] in ("ms", "us", "bytes") else "more"
            self.note(name, row["value"], row["unit"], better, (aims or {}).get(name))

    def sized(self, entries):
        """So many entries, or few of them where something is only tried out."""
        return max(1_000, entries // 50) if self.given.quick else entries

    def quiet_node(self, folder=None, peers=()):
        self.nodes += 1
        node = QuietNode(self.network, "node-%d" % self.nodes)
        node.folder = folder or node.folder
        self.network.nodes.append(node)
        node.start(peers)
        return node

    def end(self, *nodes):
        for node in nodes:
            node.stop()
            self.network.nodes.remove(node)

    def filled(self, entries, meetings=10):
        """A folder with a chain: made and imported once, shared by all benchmarks.

        Answers the folder, the seconds of the import and the figures of the making.
        """
        if (entries, meetings) not in self.chains:
            print("%s: a chain of %s entries is made" % (
                self.row.name, benchreport.number(entries)), file=sys.stderr)
            path = self.network.folder / "chain.jsonl"
            made = self.figures("chain", "--network", "dev", "--entries", entries,
                                "--meetings", meetings, "--output", path)
            folder = self.network.folder / ("chain-%d-%d" % (entries, meetings))
            started = time.monotonic()
            self.network.program.run("chain", "import", path, "--network", "dev", "--data",
                                     folder, seconds=IMPORT_PATIENCE)
            self.chains[entries, meetings] = folder, time.monotonic() - started, made
            path.unlink()
        return self.chains[entries, meetings]

    def signatures(self):
        """What the cores verify alone: whole entries, and libcrypto in C, with both times."""
        found = self.figures("verify", "--seconds", 1)
        return {"entries": found["entries, %d cores" % os.cpu_count()]["value"],
                "raw": found["libcrypto alone, %d cores" % os.cpu_count()]["value"],
                "time": 1 / found["signatures, processor second"]["value"]}


def verify(bench):
    for _ in bench.rounds():
        bench.copy(bench.figures("verify", "--seconds", 2))


def ingest(bench):
    for _ in bench.rounds():
        bench.copy(bench.figures("ingest"), aims={"ingested to judged": 85})


def connect(bench):
    for _ in bench.rounds():
        bench.copy(bench.figures("connect", "--blocks", 20 if bench.given.quick else 100),
                   aims={"whole to LevelDB in C": 50})


def sync(bench):
    count = bench.sized(200_000)
    folder, _, _ = bench.filled(count)
    giver = bench.quiet_node(folder)
    giver.wait_idle()
    for _ in bench.rounds(3):
        fetch(bench, [giver], count)


def core(bench):
    for _ in bench.rounds(3):
        bench.copy(bench.figures("sync", "--entries", bench.sized(100_000)),
                   aims={"synchronized to signatures": 80})


def peers(bench):
    count = bench.sized(500_000)
    folder, _, _ = bench.filled(count)
    folders = [folder]
    for number in range(1, 4):
        folders.append(bench.network.folder / ("giver-%d" % number))
        shutil.copytree(folder, folders[-1],
                        ignore=shutil.ignore_patterns("identity", "LOCK", "lock"))
    givers = [bench.quiet_node(folder) for folder in folders]
    for giver in givers:
        giver.wait_idle()
    for _ in bench.rounds(3):
        fetch(bench, givers, count, givers[:1])


def fetch(bench, givers, count, stalled=()):
    """One fresh node beside its givers: what it did, and what signatures alone do."""
    before = bench.signatures()
    goal = givers[0].tip
    spent = sum(giver.processor_seconds for giver in givers)
    started = time.monotonic()
    taker = bench.quiet_node(peers=[giver.address for giver in givers])
    if stalled:
        wait_until("the fresh node had a first part of the chain", SYNC_PATIENCE,
                   lambda: taker.tip["height"] * 20 >= goal["height"], 0.02)
    for giver in stalled:
        giver.process.send_signal(signal.SIGSTOP)
    wait_until("the fresh node had the whole chain", SYNC_PATIENCE,
               lambda: taker.tip["block"] == goal["block"], 0.05)
    seconds = time.monotonic() - started
    for giver in stalled:
        giver.process.send_signal(signal.SIGCONT)
    given = sum(giver.processor_seconds for giver in givers) - spent
    taken = taker.processor_seconds
    memory = taker.memory("VmHWM")
    bench.end(taker)
    shutil.rmtree(taker.folder)
    after = bench.signatures()
    entries, raw, each = ((before[key] + after[key]) / 2 for key in ("entries", "raw", "time"))
    rate = count / seconds
    bench.note("entries verified and stored", rate, "entries/s")
    bench.note("to whole entries judged on all cores", 100 * rate / entries, "%", aim=80)
    bench.note("to libcrypto alone on all cores", 100 * rate / raw, "%")
    left = 100 * count / (seconds - given / os.cpu_count()) / raw
    bench.note("… in the processor time that the giving nodes left", left, "%")
    bench.note("a signature's processor time to the fresh node's", 100 * each * count / taken, "%")
    bench.note("processor time of the fresh node, an entry", taken / count * 1e6, "us", "less")
    bench.note("processor time of the giving nodes, an entry", given / count * 1e6, "us", "less")
    bench.note("resident memory of the fresh node, greatest", memory, "MB", "less")


def history(bench):
    sizes = [bench.sized(size) for size in (10_000, 100_000, 1_000_000)]
    nodes = {}
    for size in sizes:
        nodes[size] = bench.quiet_node(bench.filled(size, meetings=1)[0])
        nodes[size].wait_idle()
    for _ in bench.rounds():
        smallest = {}
        for size, node in nodes.items():
            found = bench.figures("pages", *node.place, "--seconds", 1)
            for place in ("first", "middle", "last"):
                name = "%s page at %s entries" % (place, benchreport.number(size))
                rate = found["%s page" % place]["value"]
                bench.note(name, rate, "pages/s")
                bench.note(name + ", p99", found["%s page, p99" % place]["value"], "ms", "less")
                kept = found["%s page, kept" % place]["value"]
                bench.note(name + ", its answer kept", kept, "pages/s")
                times = smallest.setdefault(place, rate) / rate
                if size != sizes[0]:
                    last = size == sizes[-1]
                    bench.note(name + ", times the time at the fewest", times, "", "less",
                               1.5 if last else None)


def rpc(bench):
    node = bench.quiet_node(bench.filled(bench.sized(10_000), meetings=1)[0])
    node.wait_idle()
    constant = subprocess.Popen([bench.measure, "constant"], stdout=subprocess.PIPE,
                                preexec_fn=localnet.die_with_parent)
    try:
        url = json.loads(constant.stdout.readline())["rpc"]
        for _ in bench.rounds():
            found = bench.figures("load", *node.place, "--constant-url", url,
                                  "--process", node.process.pid, "--seconds", 1)
            bench.copy(found, aims={"chain.tip, 16 connections": 40_000,
                                    "history, 16 connections": 10_000,
                                    "history anew, 16 connections": 10_000})
            for count in CONNECTIONS:
                ratio = 100 * (found["chain.tip, %d connections" % count]["value"]
                               / found["constant, %d connections" % count]["value"])
                bench.note("chain.tip to constant, %d connections" % count, ratio, "%")
            submit(bench)
    finally:
        constant.terminate()
        constant.wait()


def submit(bench):
    """Entries that a fresh node takes, each answered after a durable write."""
    node = bench.quiet_node()
    for count in CONNECTIONS:
        found = bench.figures("submit", *node.place, "--connections", count,
                              "--count", bench.sized(2_000 if count == 1 else 8_000))
        name = "entry.submit, %d connections" % count
        bench.note(name, found["taken"]["value"], "/s")
        for percentile in ("p50", "p99"):
            bench.note("%s, %s" % (name, percentile),
                       found["entry.submit, " + percentile]["value"], "ms", "less")
    bench.end(node)
    shutil.rmtree(node.folder)


def mine(bench):
    for _ in bench.rounds():
        found = bench.figures("hash")
        best = max((row for name, row in found.items() if row["unit"] == "hashes/s"
                    and name.startswith("loop ")), key=lambda row: row["value"])
        bench.copy(found, ["two one-shot calls", "stamp"])
        bench.note("block, %s" % best["name"], best["value"], "hashes/s")
        plain = found["two one-shot calls"]["value"]
        bench.note("stamp, times two one-shot calls", found["stamp"]["value"] / plain, "")
        bench.note("block, times two one-shot calls", best["value"] / plain, "")


def relay(bench):
    bench.network.genesis = bench.network.folder / "genesis.json"
    bench.network.create(RELAY_INTERVAL, 8)
    nodes = []
    for number, links in enumerate(RELAY_LINKS):
        addresses = [nodes["abcdefgh".index(link)].address for link in links]
        nodes.append(bench.network.add("relay-%d" % number, addresses))
    wait_until("the nodes agreed on a first block", 60,
               lambda: (bench.network.agreed() or {"height": 0})["height"] > 0)
    for _ in bench.rounds(3):
        trip = bench.figures("roundtrip")
        bench.copy(trip)
        once = trip["TLS round trip, p50"]["value"]
        for count in (2, 4, 8):
            where = []
            for node in nodes[:count]:
                where += ["--rpc-url", node.url, "--token-file", node.folder / "rpc.token"]
            found = bench.figures("relay", *where)
            told = "from submitting until all nodes tell of it, "
            for percentile in ("p50", "p99"):
                value = found[told + percentile]["value"]
                bench.note("entry to %d nodes, %s" % (count, percentile), value, "ms", "less",
                           250 if percentile == "p99" else None)
                if percentile == "p50":
                    bench.note("entry to %d nodes, p50, in TLS round trips" % count,
                               value / once, "", "less")
                value = found["block from the first node to the last, " + percentile]["value"]
                bench.note("block to %d nodes, %s" % (count, percentile), value, "ms", "less")


def store(bench):
    for size in (bench.sized(100_000), bench.sized(1_000_000)):
        folder, seconds, made = bench.filled(size)
        named = benchreport.number(size) + " entries"
        bench.note("import, " + named, size / seconds, "entries/s")
        bytes_each = made["bytes of an entry, mean"]["value"]
        bench.note("bytes of an entry, " + named, bytes_each, "bytes")
        for _ in bench.rounds():
            started = time.monotonic()
            node = bench.quiet_node(folder)
            bench.note("start until it can be asked, " + named, time.monotonic() - started, "s",
                       "less", 1)
            bench.note("resident memory after the start, " + named, node.memory("VmRSS"), "MB",
                       "less")
            node.wait_idle()
            bench.end(node)
        disk = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / size
        bench.note("on disk, an entry, " + named, disk, "bytes", "less")
        bench.note("on disk to the bytes of the entries, " + named, disk / bytes_each, "", "less",
                   1.3)


ROWS = {"verify": verify, "ingest": ingest, "connect": connect, "core": core, "sync": sync,
        "peers": peers, "history": history, "rpc": rpc, "mine": mine, "relay": relay,
        "store": store}
