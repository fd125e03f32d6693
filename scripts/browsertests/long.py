"""Much: ten thousand messages of as many people in one meeting, and messages as long as they may be."""
import os

from localnet import ROOT, Failure

from . import chat
from .stage import Pair, mine, need

COUNT = 10_000
# What the list keeps in the document at once, and some more of its frame.
MOST_ROWS = 95
PEOPLE_SHOWN = 200
LOADED = "return document.querySelector('phi-list').rows.filter((row) => row.item).length"
SCROLL = """const list = document.querySelector('phi-list');
    const spans = []; let most = 0, last = performance.now();
    list.scrollTop = list.scrollHeight;
    for (let step = 0; step < 120; step += 1) {
      list.scrollTop -= 700;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = performance.now();
      spans.push(now - last);
      last = now;
      most = Math.max(most, list.querySelectorAll('.rows > *').length);
    }
    spans.sort((a, b) => a - b);
    return { median: spans[60], slow: spans[114], rows: most };"""


def generator():
    """The program that makes chains for measurements; built with the tests."""
    for folder in (".build/debug", ".build-release/release"):
        path = ROOT / folder / "phi-measure"
        if os.access(path, os.X_OK):
            return str(path)
    raise Failure("phi-measure is missing: swift build --product phi-measure")


def crowded(stage, count, *arguments):
    """A node with a meeting of many people with one entry each; and the meeting."""
    from localnet import Program
    network = Pair(stage.binary)
    stage.ending.callback(network.close)
    chain = network.folder / "many.chain"
    Program(generator(), network.folder).run(
        "chain", "--entries", count + 1, "--meetings", 1, "--authors", count, *arguments,
        "--output", chain, seconds=300)
    network.program.run("chain", "import", chain, "--network", "dev", "--data",
                        network.folder / "node", seconds=300)
    network.start()
    stage.done("a chain of %d entries was made and judged", count + 1)
    node = network.nodes[0]
    return node, node.call("meeting.list", limit=5)["meetings"][0]


def look(tab, gate, meeting):
    """Opens a meeting, by its id, to read along."""
    tab.go(gate.url + "/verify")
    name = tab.run_async("""const [{ encodeName }, { fromHex }] = await Promise.all(
        [import('/page/core/bech32m.js'), import('/page/core/bytes.js')]);
        return encodeName('phid', fromHex(values[0]));""", meeting)
    tab.go("%s/m/%s" % (gate.url, name))
    tab.press("#look")


def play(stage):
    limits(stage)
    node, meeting = crowded(stage, COUNT)
    gate = stage.gateway(node)
    tab = stage.tab()
    look(tab, gate, meeting["meeting"])
    tab.wait("the newest messages are shown", lambda: len(tab.all("article.message")) > 3)
    stage.done("the newest messages are shown")
    everything(stage, tab)
    stage.picture(tab, "ten-thousand")
    people(tab, COUNT + 1)
    stage.done("%d people", COUNT + 1)
    join(tab, node, "Number 10,001")
    tab.need_no_complaint()
    stage.done("one more person joined and wrote")


def join(tab, node, name):
    """One more person comes in, and writes."""
    tab.press("#join")
    tab.fill("#name", name)
    tab.press("form .button.main")
    chat.say(tab, "Is there still room?")
    chat.see(tab, "Is there still room?", ["pending"])
    mine(node)
    chat.see_recorded(tab, "Is there still room?")


def everything(stage, tab):
    """All is loaded and verified; only what is near the window is in the document."""
    tab.press("#find")
    tab.fill("#search", "a")
    tab.press(".search button", "Load all")
    tab.wait("all is loaded", lambda: tab.run(LOADED) >= COUNT, 300)
    need(tab.run(LOADED) == COUNT + 1, "each entry is there once", tab.run(LOADED))
    verified(tab)
    stage.done("all are loaded and verified")
    smooth(stage, tab)


def verified(tab):
    marks = tab.run("""const marks = {}; for (const { item } of document.querySelector('phi-list').rows)
        if (item) marks[item.mark] = (marks[item.mark] ?? 0) + 1; return marks""")
    need(marks == {"verified": COUNT + 1}, "each is verified", marks)


def smooth(stage, tab):
    """Scrolling goes from frame to frame, with few rows in the document."""
    found = tab.run_async(SCROLL)
    need(found["rows"] <= MOST_ROWS, "only rows near the window are in the document", found)
    stage.done("scrolling: %.0f ms a frame in the middle, %.0f of 95 %%, %d rows in the document",
               found["median"], found["slow"], found["rows"])


def people(tab, count):
    """The list of people has an end, and says how many there are."""
    tab.wait("it says that they are %d" % count,
             lambda: "%d people" % count in tab.text(".panel").replace(",", ""))
    shown = tab.run("return document.querySelectorAll('.person').length")
    need(shown == PEOPLE_SHOWN, "the list of people has an end", shown)


def limits(stage):
    """The longest text passes, one byte more is refused before it is sent."""
    for reading in ("private", "public"):
        tab = stage.tab()
        chat.create(tab, stage.gateway().url, "Long", "Lola", reading)
        mine(stage.node)
        tab.fill("#message", "x" * 40_000)
        over = int(tab.text("#message-left").split()[0].replace(",", ""))
        need(over > 0 and not tab.part("phi-composer button.main").is_enabled(),
             "too long cannot be sent", over)
        length = 40_000 - over
        need(length > 28_000, "a message may be long", length)
        tab.fill("#message", "x" * (length + 1))
        need(not tab.part("phi-composer button.main").is_enabled(), "one byte too long")
        text = "x" * (length - 4) + "\U0001f331"
        chat.say(tab, text)
        chat.see(tab, text, ["pending"])
        mine(stage.node)
        chat.see_recorded(tab, text)
        tab.need_no_complaint()
        tab.close()
        stage.done("a message of %d bytes, %s", length, reading)
