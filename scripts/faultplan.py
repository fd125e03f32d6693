"""Draws the faults of a trial; the seed fixes all of them. Standard library only."""
import random

from faultnet import Rule

# How far ahead of a clock a header may lie under the rules of “test”, in block intervals.
FUTURE_INTERVALS = 5


class Fault:
    """What is done to the network for some time: rules of links and things done to nodes."""

    def __init__(self, kind, seconds):
        self.kind = kind
        self.seconds = seconds
        self.text = ""
        self.rules = {}
        # Moments from the beginning on, what is done, and to which node.
        self.actions = []
        self.clocks = {}
        # Whether the network has to agree also while this goes on, and without which nodes.
        self.agrees = False
        self.outside = set()

    def __str__(self):
        return "%-11s %5.1f s  %s" % (self.kind, self.seconds, self.text)

    def absorb(self, other):
        for pair, rule in other.rules.items():
            self.rules.setdefault(pair, rule)
        self.actions += other.actions
        self.clocks.update(other.clocks)
        self.text += ("; " if self.text else "") + other.text


class Plan:
    """Draws faults; the seed fixes all of them."""

    KINDS = ("delay", "loss", "reorder", "one-way", "split-2", "split-3", "bridge", "blackout",
             "clock", "clock-far", "kill", "stop", "mixed")

    def __init__(self, options, future_limit):
        self.chance = random.Random(options.seed)
        self.count = options.nodes
        self.shortest, self.longest = options.shortest, options.longest
        self.future_limit = future_limit
        self.kinds = [kind for kind in self.KINDS if any(
            kind.startswith(wanted) for wanted in options.only or [""])]
        self.bag = []

    def next(self):
        """The next fault; each kind comes once before one comes again."""
        if not self.bag:
            self.bag = self.chance.sample(self.kinds, len(self.kinds))
        return self.fault(self.bag.pop())

    def fault(self, kind):
        fault = Fault(kind, self.chance.uniform(self.shortest, self.longest))
        getattr(self, "draw_" + kind.replace("-", "_"))(fault)
        return fault

    def some_nodes(self, most):
        return sorted(self.chance.sample(range(self.count), self.chance.randint(1, most)))

    def pairs(self):
        return [(a, b) for a in range(self.count) for b in range(self.count) if a != b]

    def some_pairs(self, share):
        pairs = self.pairs()
        return self.chance.sample(pairs, max(1, int(len(pairs) * share)))

    def draw_delay(self, fault):
        chosen = self.some_pairs(self.chance.uniform(0.3, 1))
        for pair in chosen:
            delay = self.chance.uniform(0.02, 0.3)
            fault.rules[pair] = Rule(delay=delay, jitter=delay / 2)
        fault.text = "20 to 450 ms on %d of %d directions" % (len(chosen), len(self.pairs()))

    def draw_loss(self, fault):
        chosen = self.some_pairs(self.chance.uniform(0.3, 1))
        loss = self.chance.uniform(0.01, 0.2)
        for pair in chosen:
            fault.rules[pair] = Rule(delay=0.01, loss=loss)
        fault.text = "%.0f %% on %d of %d directions" % (
            100 * loss, len(chosen), len(self.pairs()))

    def draw_reorder(self, fault):
        chosen = self.some_pairs(self.chance.uniform(0.3, 1))
        reorder, duplicate = self.chance.uniform(0.1, 0.4), self.chance.uniform(0, 0.1)
        for pair in chosen:
            fault.rules[pair] = Rule(delay=0.02, reorder=reorder, duplicate=duplicate)
        fault.text = "%.0f %% reordered, %.0f %% doubled on %d directions" % (
            100 * reorder, 100 * duplicate, len(chosen))

    def draw_one_way(self, fault):
        if self.chance.random() < 0.5:
            chosen = self.some_pairs(self.chance.uniform(0.1, 0.4))
            fault.text = "%d of %d directions cut" % (len(chosen), len(self.pairs()))
        else:
            deaf = self.some_nodes(2)
            chosen = [pair for pair in self.pairs() if pair[1] in deaf]
            fault.text = "%s hears nothing" % names(deaf)
        for pair in chosen:
            fault.rules[pair] = Rule(cut=True)

    def cut(self, fault, groups):
        place = {node: number for number, group in enumerate(groups) for node in group}
        for here, there in self.pairs():
            if here in place and there in place and place[here] != place[there]:
                fault.rules[here, there] = Rule(cut=True)
        fault.text = " | ".join(names(group) for group in groups)

    def groups(self, count, without=()):
        nodes = [node for node in range(self.count) if node not in without]
        self.chance.shuffle(nodes)
        cuts = sorted(self.chance.sample(range(1, len(nodes)), count - 1))
        return [sorted(nodes[a:b]) for a, b in zip([0] + cuts, cuts + [len(nodes)])]

    def draw_split_2(self, fault):
        self.cut(fault, self.groups(2))

    def draw_split_3(self, fault):
        self.cut(fault, self.groups(3))

    def draw_bridge(self, fault):
        bridge = self.chance.randrange(self.count)
        self.cut(fault, self.groups(2, without=[bridge]))
        fault.text += ", %s reaches both" % names([bridge])

    def draw_blackout(self, fault):
        fault.rules = {pair: Rule(cut=True) for pair in self.pairs()}
        fault.text = "every node is alone"

    def draw_clock(self, fault):
        """Any two clocks stay closer to each other than the limit: nobody may notice."""
        most = 0.45 * self.future_limit
        for node in self.some_nodes(self.count // 2):
            fault.clocks[node] = int(self.chance.uniform(-most, most))
        fault.agrees = True
        fault.text = offsets(fault.clocks)

    def draw_clock_far(self, fault):
        for node in self.some_nodes(2):
            offset = self.chance.uniform(2, 4) * self.future_limit
            fault.clocks[node] = int(offset if self.chance.random() < 0.5 else -offset)
        fault.agrees = True
        fault.outside = set(fault.clocks)
        fault.text = offsets(fault.clocks)

    def draw_kill(self, fault):
        victims = self.some_nodes(self.count // 2)
        for node in victims:
            moment = 0.0
            while moment < fault.seconds:
                fault.actions.append((moment, "kill", node))
                moment += self.chance.uniform(0.5, fault.seconds)
                if moment < fault.seconds:
                    fault.actions.append((moment, "start", node))
                    moment += self.chance.uniform(0.1, 4)
        kills = sum(1 for action in fault.actions if action[1] == "kill")
        fault.text = "%s, %d times" % (names(victims), kills)

    def draw_stop(self, fault):
        victims = self.some_nodes(self.count // 2)
        for node in victims:
            fault.actions.append((0.0, "stop", node))
            end = self.chance.uniform(1, 1.5 * fault.seconds)
            if end < fault.seconds:
                fault.actions.append((end, "continue", node))
        fault.text = names(victims)

    def draw_mixed(self, fault):
        simple = [kind for kind in self.KINDS if kind not in ("mixed", "clock-far")]
        for kind in self.chance.sample(simple, 3):
            fault.absorb(self.fault(kind))
        fault.actions = [action for action in fault.actions
                         if action[2] not in fault.clocks and action[0] < fault.seconds]


def names(nodes):
    return ",".join(str(node + 1) for node in nodes)


def offsets(clocks):
    return ", ".join("%d: %+.1f s" % (node + 1, clocks[node] / 1_000) for node in sorted(clocks))
