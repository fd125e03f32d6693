"""Figures of the benchmarks: medians and spreads, and what changed since a run before."""
import json
import os
import pathlib
import platform
import statistics
import subprocess

import localnet
from localnet import Failure

FORMAT = 1
SMALLEST_CHANGE = 0.03
COMPARED = {"more": 1, "less": -1}


class Figure:
    """One figure, measured once in each round."""

    def __init__(self, name, unit, better, aim):
        self.name = name
        self.unit = unit
        self.better = better
        self.aim = aim
        self.values = []

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def verdict(self):
        """Whether the median reaches the aim; nothing where there is none."""
        if self.aim is None:
            return None
        return self.median >= self.aim if self.better == "more" else self.median <= self.aim

    def document(self):
        return {"name": self.name, "unit": self.unit, "better": self.better, "aim": self.aim,
                "median": self.median, "least": min(self.values), "greatest": max(self.values),
                "values": self.values}


class Row:
    """All figures of one benchmark, in the order in which they came."""

    def __init__(self, name):
        self.name = name
        self.figures = {}
        self.counts = True

    def note(self, name, value, unit, better="more", aim=None):
        """Keeps a figure of this round; the warm-up's are thrown away."""
        if self.counts:
            figure = self.figures.setdefault(name, Figure(name, unit, better, aim))
            figure.values.append(value)

    def table(self):
        lines = [self.name]
        for figure in self.figures.values():
            low, high = min(figure.values), max(figure.values)
            spread = "" if len(figure.values) < 2 else "%s … %s" % (number(low), number(high))
            lines.append("  %-62s %12s %-10s %-20s %s" % (
                figure.name, number(figure.median), figure.unit, spread, spelled(figure)))
        return "\n".join(lines).rstrip()

    def document(self):
        return {"name": self.name, "figures": [figure.document()
                                               for figure in self.figures.values()]}


def spelled(figure):
    if figure.aim is None:
        return ""
    sign = "≥" if figure.better == "more" else "≤"
    return "aim %s %s: %s" % (sign, number(figure.aim), "reached" if figure.verdict else "MISSED")


def number(value):
    if abs(value) >= 1_000:
        return "{:,.0f}".format(value)
    return "%.1f" % value if abs(value) >= 10 else "%.3f" % value


def first_line(*command):
    try:
        ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, cwd=localnet.ROOT)
    except OSError:
        return "unknown"
    return ended.stdout.strip().splitlines()[0] if ended.stdout.strip() else "unknown"


def package_version(name):
    return first_line("dpkg-query", "--show", "--showformat=${Version}", name)


def machine():
    """What the figures were measured on."""
    model = platform.processor() or platform.machine()
    source = pathlib.Path("/proc/cpuinfo")
    if source.exists():
        for line in source.read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"processor": model, "cores": os.cpu_count(), "memoryGiB": round(memory),
            "system": "%s %s" % (platform.system(), platform.release()),
            "swift": first_line("swift", "--version"),
            "libcrypto": package_version("libssl3"), "leveldb": package_version("libleveldb1d"),
            "commit": first_line("git", "rev-parse", "HEAD"),
            "load": round(os.getloadavg()[0], 1)}


def machine_line(found):
    return ("%(processor)s, %(cores)d cores, %(memoryGiB)d GiB, %(system)s\n%(swift)s, libcrypto "
            "%(libcrypto)s, LevelDB %(leveldb)s\ncommit %(commit)s, load %(load).1f at the start"
            % found)


def markdown(found, rows):
    """The figures as tables for the documentation."""
    lines = [machine_line(found).replace("\n", "; ") + ".", ""]
    for row in rows:
        lines += ["### " + row.name, "", "| figure | aim | median | least … greatest |",
                  "|---|---|---|---|"]
        for figure in row.figures.values():
            aim = ""
            if figure.aim is not None:
                sign = "≥" if figure.better == "more" else "≤"
                aim = "%s %s%s" % (sign, number(figure.aim),
                                   "" if figure.verdict else " (*missed*)")
            lines.append("| %s | %s | %s %s | %s … %s |" % (
                figure.name, aim, number(figure.median), figure.unit,
                number(min(figure.values)), number(max(figure.values))))
        lines.append("")
    return "\n".join(lines)


def document(found, rows):
    return {"format": FORMAT, "machine": found, "rows": [row.document() for row in rows]}


def read(path):
    try:
        found = json.loads(pathlib.Path(path).read_text())
    except (OSError, ValueError) as error:
        raise Failure("%s cannot be read: %s" % (path, error)) from None
    if found.get("format") != FORMAT:
        raise Failure("%s was not written by this program" % path)
    return found


def changes(before, rows):
    """What changed since a run before by more than noise, a line for each figure.

    Noise is what the rounds of one run differ by: a figure changed where no round of one run lies
    among those of the other, and the medians are three hundredths apart at least.
    """
    old = {(row["name"], figure["name"]): figure
           for row in before["rows"] for figure in row["figures"]}
    lines, compared = [], 0
    for row in rows:
        for figure in row.figures.values():
            past = old.get((row.name, figure.name))
            if past is None or past["unit"] != figure.unit or not past["median"]:
                continue
            compared += 1
            change = figure.median / past["median"] - 1
            apart = min(figure.values) > past["greatest"] or max(figure.values) < past["least"]
            if not apart or abs(change) < SMALLEST_CHANGE:
                continue
            good = change * COMPARED[figure.better] > 0
            lines.append("  %-10s %-52s %12s → %-12s %+.0f %% %s" % (
                row.name, figure.name, number(past["median"]), number(figure.median),
                100 * change, "better" if good else "WORSE"))
    return lines, compared
