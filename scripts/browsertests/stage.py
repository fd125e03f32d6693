"""What the tests play on: networks of real nodes, browsers, and gateways between them."""
import contextlib
import time

from localnet import Failure, Network, wait_until

from .chromium import Chromium
from .gateway import Gateway
from .tab import Tab

SYNC_PATIENCE = 60
WIDE = 1_280
# A quarter of the test network's, so that stamps are real work and not what a story waits for.
STAMP_RATE = 4


class Pair(Network):
    """A node of the development network, whose blocks are made when a story says so.

    It has a peer: what no peer has is not called pending.
    """

    def __init__(self, binary):
        super().__init__(binary, keep=False, mines=False)
        self.genesis = "dev"

    def start(self, arguments=()):
        """Starts both; the first is the one that browsers use."""
        node = self.add("node", arguments=arguments)
        self.add("peer", [node.address])
        self.join()
        mine(node)
        return node

    def join(self):
        """Waits until both know each other."""
        wait_until("both nodes were peers", SYNC_PATIENCE, lambda: all(
            node.call("peer.list", limit=5)["peers"] for node in self.nodes))


class Stage:
    """Makes things when they are first asked for, and ends all of them."""

    def __init__(self, binary, folder, keep, pictures=None):
        self.binary = binary
        self.folder = folder
        self.keep = keep
        self.pictures = pictures
        self.tabs = []
        self.started = time.monotonic()
        self.closing = self.ending = contextlib.ExitStack()
        self.shared = None
        self.common = None
        self.engine = None

    @contextlib.contextmanager
    def story(self):
        """Ends with a story what was made for it alone."""
        self.started = time.monotonic()
        with contextlib.ExitStack() as ending:
            self.ending = ending
            try:
                yield
            finally:
                self.ending, self.tabs = self.closing, []

    def done(self, text, *values):
        """Says what was seen to hold."""
        now = time.monotonic()
        print("   %5.1f s  %s" % (now - self.started, text % values if values else text))
        self.started = now

    # Nodes.

    def network(self, interval, count, arguments=()):
        """A network that mines, of so many nodes, each a peer of the one before."""
        network = Network(self.binary, keep=self.keep)
        self.ending.callback(network.close)
        network.create(interval, count, "--stamp-rate", STAMP_RATE)
        for index in range(count):
            network.add("node%d" % (index + 1), [network.nodes[-1].address] if index else [],
                        arguments)
        wait_until("every node had a peer and a block", SYNC_PATIENCE, lambda: all(
            node.tip["height"] >= 1 for node in network.nodes))
        return network

    def pair(self):
        """A development network of a story's own."""
        network = Pair(self.binary)
        self.ending.callback(network.close)
        network.start()
        return network

    @property
    def node(self):
        """The development node that tests share; each test has meetings of its own."""
        if self.common is None:
            self.common = Pair(self.binary)
            self.closing.callback(self.common.close)
            self.common.start(["--rpc-host-name", "phi.example"])
        return self.common.nodes[0]

    def gateway(self, node=None):
        """A gateway to a node. Its address is an origin that no other test has."""
        made = Gateway(node or self.node)
        self.ending.callback(made.close)
        return made

    # Browsers.

    @property
    def chromium(self):
        if self.engine is None:
            self.engine = Chromium(self.folder / "chromium")
            self.closing.callback(self.engine.close)
        return self.engine

    def browser(self, profile=None, arguments=()):
        """The first tab of a browser of a story's own."""
        driver = self.chromium.start(profile, arguments)
        self.ending.callback(self.chromium.end, driver)
        return self.watched(Tab(driver))

    def tab(self):
        """A tab of the browser that stories share."""
        if self.shared is None:
            self.shared = Tab(self.chromium.start(
                arguments=["--host-resolver-rules=MAP phi.example 127.0.0.1"]))
        made = self.shared.beside()
        self.ending.callback(made.close)
        return self.watched(made)

    def watched(self, tab):
        """A tab whose downloads are kept, and whose picture is taken when the story fails."""
        tab.command("Browser.setDownloadBehavior", behavior="allow",
                    downloadPath=str(self.downloads))
        tab.size(WIDE)
        self.tabs.append(tab)
        return tab

    @property
    def downloads(self):
        place = self.folder / "downloads"
        place.mkdir(exist_ok=True)
        return place

    def downloaded(self, name):
        """The bytes of a file that a browser saved, once it is whole."""
        file = self.downloads / name

        def check():
            return file.exists() and not file.with_name(name + ".crdownload").exists() and (
                file.read_bytes() or None)
        return wait_until("the browser saved %s" % name, SYNC_PATIENCE, check, 0.05)

    def picture(self, tab, name):
        """A picture for people to look at, where they asked for some."""
        if self.pictures is not None:
            tab.picture(self.pictures / (name + ".png"))

    def close(self):
        self.closing.close()


def mine(node, blocks=1):
    """Has a development node make blocks."""
    return node.call("miner.generate", blocks=blocks)


def need(truth, what, *found):
    """A failure that says what did not hold, and what was found."""
    if not truth:
        raise Failure(what + (": " + ", ".join(map(repr, found)) if found else ""))
