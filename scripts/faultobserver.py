"""Watches a network under faults and says what it must never do. Standard library only."""
import collections
import pathlib
import re
import time

from localnet import Failure, wait_until

EVIDENCE_PATIENCE = 180
# How far waiting for further blocks may stretch the limit.
LONGEST_WAIT = 4
LOOK = 0.25
RECORDED = ("recorded", "settled", "deep")
KNOWN = RECORDED + ("sending", "pending", "returned", "expired")


class Violation(Failure):
    """The network did what it must never do."""


class Observer:
    """Looks at the nodes of a trial and at what they acknowledged."""

    def __init__(self, network, ceiling, limit, future_limit):
        self.network = network
        # MiB that a node may have, and seconds until all have one tip.
        self.ceiling = ceiling
        self.limit = limit
        self.future_limit = future_limit
        self.meeting = None
        self.writers = []
        # Nodes that were ended on purpose.
        self.away = set()
        self.greatest_memory = 0

    def look_at_all(self):
        for number in range(len(self.network.nodes)):
            if number not in self.away:
                self.look(number)

    def expect_alive(self, number):
        node = self.network.nodes[number]
        if not node.runs:
            self.away.add(number)
            raise Violation("%s ended by itself with status %s: %s" % (
                node.name, node.process.returncode, node.last_words()))

    def look(self, number):
        """A node that is not away runs, and has less memory than the ceiling."""
        self.expect_alive(number)
        node = self.network.nodes[number]
        found = re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path(
            "/proc/%d/status" % node.process.pid).read_text())
        if found:
            memory = int(found.group(1)) / 1_024
            self.greatest_memory = max(self.greatest_memory, memory)
            if memory > self.ceiling:
                raise Violation("%s has %.0f MiB resident, more than %d" % (
                    node.name, memory, self.ceiling))

    def tips(self, outside=()):
        return {number: node.tip for number, node in enumerate(self.network.nodes)
                if number not in outside}

    def expect_one_tip(self, when, outside=()):
        """Waits for one tip and returns the seconds; too long is a violation.

        The time stands still while only further blocks can decide; see `is_open`.
        """
        begin = last = time.monotonic()
        allowed, evidence = self.limit, None
        while True:
            self.look_at_all()
            tips = self.tips(outside)
            now = time.monotonic()
            if len({tip["block"] for tip in tips.values()}) == 1:
                break
            if self.is_open(tips.values()) and allowed < LONGEST_WAIT * self.limit:
                allowed += now - last
            last = now
            if now - begin > allowed and evidence is None:
                evidence = self.evidence()
            if now - begin > allowed + EVIDENCE_PATIENCE:
                raise Violation("no common tip %.0f s after %s\n%s" % (
                    now - begin, when, evidence))
            time.sleep(LOOK)
        seconds = now - begin
        if evidence:
            raise Violation("one tip only %.1f s after %s, limit %.1f s; at the limit:\n%s" % (
                seconds, when, allowed, evidence))
        return seconds

    def is_open(self, tips):
        """Whether only further blocks can bring the nodes together.

        Rival branches of one block each have equal work. A block of a clock far ahead may have the most
        work and still be too early for all but its maker.
        """
        most = max(int(tip["chainWork"], 16) for tip in tips)
        best = {tip["block"]: tip["time"] for tip in tips if int(tip["chainWork"], 16) == most}
        latest = 1_000 * time.time() + self.future_limit
        return len(best) > 1 or any(moment > latest for moment in best.values())

    def evidence(self):
        lines = []
        for number, node in enumerate(self.network.nodes):
            try:
                tip = node.tip
                peers = node.call("peer.list", limit=50)["peers"]
                lines.append("%s height %d work %s block %s… peers %d, time %+.1f s" % (
                    node.name, tip["height"], tip["chainWork"], tip["block"][:12], len(peers),
                    tip["time"] / 1_000 - time.time()))
            except Failure as failure:
                lines.append("%s: %s" % (node.name, failure))
        return "\n".join(lines)

    def recorded(self, number, height):
        """What a node has recorded up to a height, in order."""
        entries, cursor = [], None
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = self.network.nodes[number].call(
                "meeting.history", meeting=self.meeting, limit=500, direction="forward",
                to=height, **more)
            entries += [entry["entry"] for entry in page["entries"]]
            cursor = page["next"]
            if not cursor:
                return entries

    def acknowledged(self):
        return [(entry, writer) for writer in self.writers for entry in list(writer.acknowledged)]

    def expect_equal_histories(self):
        """Compares all histories up to the common tip, and returns that common history."""
        def read():
            tip = self.network.agreed()
            if tip is None:
                return None
            histories = [self.recorded(number, tip["height"])
                         for number in range(len(self.network.nodes))]
            if {node["block"] for node in self.tips().values()} != {tip["block"]}:
                return None
            return histories
        histories = wait_until("one tip held while histories were read", 20 * self.limit, read,
                               LOOK)
        for number, history in enumerate(histories):
            if len(set(history)) != len(history):
                raise Violation("%s has an entry twice" % self.network.nodes[number].name)
            if history != histories[0]:
                raise Violation("node1 and %s have one tip and different histories" %
                                self.network.nodes[number].name)
        return histories[0]

    def expect_nothing_lost(self):
        """Every acknowledged entry is recorded, or its own node knows what became of it."""
        acknowledged = self.acknowledged()
        if len({entry for entry, _ in acknowledged}) != len(acknowledged):
            raise Violation("an entry was acknowledged as new twice")
        history = set(self.expect_equal_histories())
        states = collections.Counter()
        for entry, writer in acknowledged:
            state = "recorded"
            if entry not in history:
                state = writer.person.node.call("entry.status", entry=entry)["status"]
                if state not in KNOWN:
                    raise Violation("%s acknowledged %s and says now that it is “%s”" % (
                        writer.person.node.name, entry, state))
                state = "recorded" if state in RECORDED else state
            states[state] += 1
        return states

    def expect_calm_logs(self):
        for node in self.network.nodes:
            for line in node.log.read_text(errors="replace").splitlines():
                if " critical " in line or "Fatal error" in line:
                    raise Violation("%s: %s" % (node.name, line))

    def reorganizations(self):
        depths = []
        for node in self.network.nodes:
            text = node.log.read_text(errors="replace")
            depths += [int(depth) for depth in re.findall(
                r"\bdepth=(\d+) .*the chain was reorganized", text)]
        return depths
