"""Figures of the page: what is transferred, first paint, and how long people wait for each other."""
import statistics

from localnet import Network, wait_until

from . import chat
from .stage import need

MESSAGES = 200
LOADS = 20
# What a stamp costs on the main network.
STAMP_RATE = 256
INTERVAL = 2_000
PAINT = """const [{ startTime }] = await new Promise((resolve) => {
      const look = () => performance.getEntriesByName('first-contentful-paint').length
        ? resolve(performance.getEntriesByName('first-contentful-paint')) : setTimeout(look, 10);
      look();
    });
    return startTime;"""
# Notes when each text was first shown, and when its row first said that nodes have it.
WATCH = """window.seen = new Map();
    const look = () => {
      const now = performance.timeOrigin + performance.now();
      for (const row of document.querySelectorAll('article.message')) {
        const text = row.querySelector('.text')?.innerText;
        if (!text?.startsWith('Message ')) continue;
        const times = window.seen.get(text) ?? {};
        times.shown ??= now;
        if (row.dataset.status !== 'sending') times.pending ??= now;
        window.seen.set(text, times);
      }
    };
    new MutationObserver(look).observe(document.querySelector('phi-list'),
      { subtree: true, childList: true, attributes: true, attributeFilter: ['data-status'] });"""
ENTER = """const [text] = arguments, field = document.querySelector('#message');
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    const start = performance.timeOrigin + performance.now();
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    return start;"""
SEEN = "return window.seen.get(arguments[0]) ?? null"


def measure(stage):
    network = Network(stage.binary, keep=stage.keep)
    stage.closing.callback(network.close)
    network.create(INTERVAL, 2, "--stamp-rate", STAMP_RATE)
    network.add("node1")
    network.add("node2", [network.nodes[0].address])
    wait_until("both nodes had a block", 60, lambda: all(
        node.tip["height"] >= 1 for node in network.nodes))
    rows = [("figure", "measured"), ("---", "---")]
    rows += weight(stage, network) + paint(stage, network) + waits(stage, network)
    print()
    for row in rows:
        print("| %s |" % " | ".join(row))
    return 0


def quantile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def spread(values):
    return "p50 %.0f ms, p99 %.0f ms, greatest %.0f ms" % (
        statistics.median(values), quantile(values, 0.99), max(values))


def transferred(tab):
    """The requests since the last look and the bytes that came over the wire for them."""
    tab.requests = []
    tab.listen()
    ended = [message["params"]["encodedDataLength"] for message in tab.requests
             if message["method"] == "Network.loadingFinished"]
    return len(ended), sum(ended)


def weight(stage, network):
    """What a browser that was never here fetches."""
    url = network.nodes[0].url
    rows = []
    tab = stage.browser()
    transferred(tab)
    tab.go(url + "/")
    tab.part("#create")
    rows.append(("start, transferred", "%.1f kB in %d files" % kilobytes(transferred(tab))))
    link, _ = chat.create(tab, url, "Figures", "Fay")
    other = stage.browser()
    transferred(other)
    other.go(link)
    other.part(".door form")
    rows.append(("a meeting's door, transferred, calls included",
                 "%.1f kB in %d requests" % kilobytes(transferred(other))))
    whole = tab.run_async("""const { files } = await (await fetch('/page.json')).json();
        let plain = 0;
        for (const name of Object.keys(files)) {
          plain += (await (await fetch(`/page/${name}`)).arrayBuffer()).byteLength;
        }
        return [Object.keys(files).length, plain];""")
    rows.append(("all of the page, before compression",
                 "%.1f kB in %d files" % kilobytes(whole)))
    for each in (tab, other):
        stage.chromium.end(each.driver)
    return rows


def kilobytes(pair):
    return pair[1] / 1_000, pair[0]


def paint(stage, network):
    """From the start of the navigation until something can be read, without any cache."""
    tab = stage.browser()
    tab.command("Network.enable")
    tab.command("Network.setCacheDisabled", cacheDisabled=True)
    times = []
    for _ in range(LOADS):
        tab.go(network.nodes[0].url + "/")
        times.append(tab.run_async(PAINT))
    stage.chromium.end(tab.driver)
    return [("first paint on loopback, %d loads without a cache" % LOADS, spread(times))]


def waits(stage, network):
    """From Enter to pending here, and to visible in another browser at another node."""
    writer, reader = stage.browser(), stage.browser()
    link, _ = chat.create(writer, network.nodes[0].url, "Waits", "Wanda")
    chat.say(writer, "The first one is dearer")
    chat.see_recorded(writer, "The first one is dearer", 300)
    reader.go(chat.through(link, network.nodes[1].url))
    reader.press("#look")
    chat.see_recorded(reader, "The first one is dearer", 300)
    for tab in (writer, reader):
        tab.part(".connection[data-state=live]")
        tab.run(WATCH)
    shown, pending, visible = [], [], []
    for number in range(MESSAGES):
        text = "Message %d, as long as what people say in a chat" % number
        start = writer.run(ENTER, text)
        writer.wait("it is pending", lambda: (writer.run(SEEN, text) or {}).get("pending"), 120)
        reader.wait("it arrived", lambda: (reader.run(SEEN, text) or {}).get("shown"), 120)
        here, there = writer.run(SEEN, text), reader.run(SEEN, text)
        shown.append(here["shown"] - start)
        pending.append(here["pending"] - start)
        visible.append(there["shown"] - start)
    need(len(visible) == MESSAGES, "all messages were measured")
    speed = writer.run_async("""const { Stamper } = await import('/page/session/stamper.js');
        const stamper = new Stamper();
        await stamper.measure();
        return stamper.speed;""")
    quote = network.nodes[0].call("stamp.quote", payloadBytes=144, kind="message", seq=1)
    work = int(quote["poolWork"], 16)
    return [
        ("stamp of a chat line, %d hashes at %.0f a millisecond" % (work, speed),
         "%.0f ms in the mean" % (work / speed)),
        ("Enter to shown in the own list, %d messages" % MESSAGES, spread(shown)),
        ("Enter to “pending”", spread(pending)),
        ("… without the mean stamp", "p50 %.0f ms" % (statistics.median(pending) - work / speed)),
        ("Enter to visible in another browser at another node", spread(visible)),
    ]
