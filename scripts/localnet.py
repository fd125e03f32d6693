"""A network of real nodes on this machine, for the scripts beside this file. Standard library only.

Nothing that is started here outlives the script: each node dies with it even when it is killed.
"""
import contextlib
import ctypes
import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).absolute().parent.parent
REFERENCE = ROOT.parent / "shared" / "reference" / "phi_verify.py"
START_PATIENCE = 30
STOP_PATIENCE = 10
CALL_PATIENCE = 60
PEER_PORT, RPC_PORT = 7_181, 7_180


class Failure(Exception):
    """Something is not as it must be; the text says what."""


def wait_until(what, seconds, check, pause=0.1):
    """The first answer of a check that is neither None nor False, or a failure after a time."""
    end = time.monotonic() + seconds
    while True:
        found = check()
        if found is not None and found is not False:
            return found
        if time.monotonic() > end:
            raise Failure("waited %d s in vain until %s" % (seconds, what))
        time.sleep(pause)


# Looked up here: between fork and exec nothing may be loaded any more. Linux only.
PRCTL = getattr(ctypes.CDLL(None), "prctl", None)
SET_PARENT_DEATH_SIGNAL = 1


def die_with_parent():
    """Has the kernel kill this process when the script is gone, however that happened."""
    if PRCTL is not None:
        PRCTL(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def start_tool(command, **options):
    """Starts a process of the script's own that dies with it."""
    return subprocess.Popen(command, preexec_fn=die_with_parent, **options)


class Program:
    """The phi-ledger binary, run with a home folder of its own."""

    def __init__(self, binary, folder):
        self.binary = str(binary)
        self.environment = dict(os.environ, HOME=str(folder), XDG_DATA_HOME=str(folder / "share"),
                                XDG_CONFIG_HOME=str(folder / "config"), NO_COLOR="1")

    def start(self, arguments, space=None, **options):
        """Starts the program, in a network namespace where one is given."""
        def prepare():
            die_with_parent()
            if space is not None:
                space.enter()
        return subprocess.Popen([self.binary, *map(str, arguments)], env=self.environment,
                                start_new_session=True, preexec_fn=prepare, **options)

    def run(self, *arguments, stdin="", seconds=CALL_PATIENCE, status=(0,), space=None):
        """What a command printed; a failure when it ends otherwise than expected."""
        process = self.start(arguments, space, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
        try:
            out, err = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise Failure("no end after %d s: %s" % (seconds, self.spelled(arguments))) from None
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        if process.returncode not in status:
            raise Failure("exit status %d of: %s\n%s" % (
                process.returncode, self.spelled(arguments), (err or out).strip()[-2_000:]))
        return out

    def json(self, *arguments, **options):
        """The document that a command printed."""
        text = self.run(*arguments, "--json", **options)
        try:
            return json.loads(text)
        except ValueError:
            raise Failure("no JSON from: %s\n%s" % (self.spelled(arguments), text[:500])) from None

    @staticmethod
    def spelled(arguments):
        return " ".join(["phi-ledger", *map(str, arguments)])


class Node:
    """One node: its folder, its process while it runs, and where it can be reached."""

    def __init__(self, network, name, arguments=(), space=None):
        self.network = network
        self.name = name
        self.space = space
        self.folder = network.folder / name
        self.log = network.folder / (name + ".log")
        self.arguments = list(arguments)
        self.process = None
        self.announced = None
        self.reader = None

    def start(self, peers=(), wait=True):
        """Starts the process; with `wait` returns when the node has said where it is."""
        command = ["node", "run", "--network", self.network.genesis, "--data", self.folder,
                   *self.places, "--mine" if self.network.mines else "--no-mine",
                   "--mine-duty", self.network.duty, "--json", *self.arguments]
        for peer in peers:
            command += ["--peer", peer]
        self.announced = None
        with open(self.log, "ab") as log:
            self.process = self.network.program.start(
                command, self.space, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=log)
        self.reader = threading.Thread(target=self.listen, args=(self.process,), daemon=True)
        self.reader.start()
        if wait:
            self.wait_announced()

    @property
    def places(self):
        """Where to listen; RPC is on the loopback address, in a namespace on that of its own."""
        if self.space is not None:
            return ["--listen", "%s:%d" % (self.space.address, PEER_PORT),
                    "--rpc", "127.0.0.1:%d" % RPC_PORT]
        return ["--listen", "127.0.0.1:0", "--rpc", "127.0.0.1:0", "--local"]

    def listen(self, process):
        """Takes the announcement and then whatever comes, so that the pipe never fills."""
        for line in process.stdout:
            if self.announced is None and line.strip().startswith(b"{"):
                with contextlib.suppress(ValueError):
                    document = json.loads(line)
                    if process is self.process:
                        self.announced = document
        process.stdout.close()

    def wait_announced(self):
        def check():
            if self.process.poll() is not None:
                raise Failure("%s ended with status %d: %s" % (
                    self.name, self.process.returncode, self.last_words()))
            return self.announced
        wait_until("%s said where it is" % self.name, START_PATIENCE, check, 0.02)

    def last_words(self):
        with contextlib.suppress(OSError):
            return self.log.read_text(errors="replace")[-1_500:].strip()
        return ""

    @property
    def runs(self):
        return self.process is not None and self.process.poll() is None

    @property
    def url(self):
        announced = self.announced
        if announced is None:
            raise Failure("%s is not up" % self.name)
        return announced["rpc"]

    @property
    def address(self):
        """How others call this node, its identity pinned."""
        return "%s@%s" % (self.announced["identity"], self.announced["listen"][0])

    def kill(self):
        """Ends the node as a crash would."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self):
        """Ends the node in good order and says how many seconds that took."""
        started = time.monotonic()
        self.process.terminate()
        try:
            status = self.process.wait(STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            raise Failure("%s still ran %d s after SIGTERM" % (self.name, STOP_PATIENCE)) from None
        if status != 0:
            raise Failure("%s ended with status %d: %s" % (self.name, status, self.last_words()))
        return time.monotonic() - started

    def call(self, method, **parameters):
        """The answer to a JSON-RPC call."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters})
        headers = {"Content-Type": "application/json"}
        with contextlib.suppress(OSError):
            headers["Authorization"] = "Bearer " + (self.folder / "rpc.token").read_text().strip()
        try:
            with contextlib.closing(self.connection(20)) as connection:
                connection.request("POST", "/rpc", body.encode(), headers)
                document = json.load(connection.getresponse())
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise Failure("%s does not answer %s: %s" % (self.name, method, error)) from None
        if "error" in document:
            raise Failure("%s refuses %s: %s" % (self.name, method, document["error"]))
        return document["result"]

    def connection(self, seconds):
        """An HTTP connection to the node, also into its namespace."""
        host, port = self.url.removeprefix("http://").rsplit(":", 1)
        connection = http.client.HTTPConnection(host, int(port), timeout=seconds)
        if self.space is not None:
            connection.sock = self.space.connect(int(port), seconds)
        return connection

    @property
    def tip(self):
        return self.call("chain.tip")

    def history(self, meeting):
        """Every recorded entry of a meeting, oldest first."""
        entries, cursor = [], None
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = self.call("meeting.history", meeting=meeting, limit=500,
                             direction="forward", **more)
            entries += page["entries"]
            cursor = page["next"]
            if not cursor:
                return entries


class Network:
    """A network of one's own in a temporary folder, with everything that was started in it."""

    def __init__(self, binary, keep, duty="0.1", mines=True):
        self.keep = keep
        self.mines = mines
        self.duty = duty
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="phi-network-"))
        self.program = Program(binary, self.folder)
        self.genesis = self.folder / "genesis.json"
        self.nodes = []

    def create(self, interval, nodes, *rules):
        """Makes the genesis file: test rules, the difficulty measured on this machine."""
        self.program.run("genesis", "create", "--like", "test", "--name", "local",
                         "--interval", interval, "--miners", nodes * float(self.duty),
                         "--output", self.genesis, *rules, seconds=120)
        return json.loads(self.genesis.read_text())

    def add(self, name, peers=(), arguments=(), space=None, wait=True):
        node = Node(self, name, arguments, space)
        self.nodes.append(node)
        node.start(peers, wait)
        return node

    def at(self, node):
        """The options that lead a command to a node."""
        return ["--network", self.genesis, "--rpc-url", node.url]

    def tips(self):
        return [node.tip for node in self.nodes if node.runs]

    def agreed(self):
        """The common tip of all nodes, or nothing while they differ."""
        tips = self.tips()
        return tips[0] if len({tip["block"] for tip in tips}) == 1 else None

    def close(self):
        """Ends everything that still runs and removes the folder unless it is to be kept."""
        for node in self.nodes:
            node.kill()
        if self.keep:
            print("kept: %s" % self.folder)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)


class Person:
    """Somebody with a keystore who uses one node by the command line."""

    def __init__(self, network, name, node):
        self.network = network
        self.name = name
        self.node = node
        self.keystore = network.folder / (name + ".keystore")
        network.program.run("identity", "create", "--network", network.genesis,
                            "--keystore", self.keystore, "--no-passphrase")

    def command(self, *arguments):
        return [*arguments, "--keystore", self.keystore, *self.network.at(self.node)]

    def json(self, *arguments, **options):
        return self.network.program.json(*self.command(*arguments), space=self.node.space,
                                         **options)

    def send(self, meeting, text, **options):
        return self.json("send", "message", meeting, text, **options)


class Writer(threading.Thread):
    """Sends one message after another as one person and notes what was acknowledged."""

    def __init__(self, person, meeting, pause=0, patience=30):
        super().__init__(daemon=True)
        self.person = person
        self.meeting = meeting
        self.pause = pause
        self.patience = patience
        self.acknowledged = []
        self.failed = 0
        self.trouble = None
        self.ends = threading.Event()

    def run(self):
        number = 0
        while not self.ends.is_set():
            try:
                document = self.person.send(self.meeting, "%s %d" % (self.person.name, number),
                                            seconds=self.patience)
                self.acknowledged.append(document["entry"])
                number += 1
                self.ends.wait(self.pause)
            except Failure as failure:
                # The node is dead, or has more from this author than it takes at a time.
                self.failed += 1
                self.trouble = str(failure)
                self.ends.wait(max(0.2, self.pause))


def program(given):
    """The binary: the one given, or the release build, made now where that is needed."""
    if given:
        if not os.access(given, os.X_OK):
            raise Failure("there is no program at %s" % given)
        return pathlib.Path(given).absolute()
    for script in ("setup", "build-release"):
        if subprocess.run([ROOT / "scripts" / script], stdout=sys.stderr).returncode != 0:
            raise Failure("scripts/%s failed" % script)
    path = subprocess.run([ROOT / "scripts" / "build-release", "--path"], stdout=subprocess.PIPE,
                          text=True, check=True).stdout.strip()
    return pathlib.Path(path)


def interrupt(number, frame):
    raise KeyboardInterrupt


def main(body):
    """Runs a script: 0 when all was as it must be, 1 with the reason, 130 when interrupted."""
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    try:
        sys.stdout.reconfigure(line_buffering=True)
        sys.exit(body())
    except Failure as failure:
        print("\nFAILED: %s" % failure, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        sys.exit(130)
