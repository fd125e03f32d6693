"""Doors that do not open: each says what is wrong and what to do, and lets in when that is done."""
from . import chat
from .stage import mine, need

# Names of meetings that no node has: one on the main network, one on the development network.
NAMES = """const { encodeName } = await import('/page/core/bech32m.js');
    return ['phi', 'phid'].map((prefix) => encodeName(prefix, new Uint8Array(32).fill(7)));"""
OLD = """if (globalThis.crypto?.subtle) {
      const make = crypto.subtle.generateKey.bind(crypto.subtle);
      crypto.subtle.generateKey = (name, ...rest) => name === 'Ed25519'
        ? Promise.reject(new DOMException('unknown', 'NotSupportedError')) : make(name, ...rest);
    }"""


def play(stage):
    gate = stage.gateway()
    host = stage.tab()
    link, native = chat.create(host, gate.url, "Doors", "Dora")
    mine(stage.node)
    wrong_links(stage, gate, link, native)
    insecure(stage, link)
    no_secret(stage, link)
    syncing(stage, link)
    away(stage, link)
    closed(stage, host, link)


def shut(stage, tab, address, name):
    tab.go(address)
    chat.problem(tab, name)
    need(not tab.all("#message"), "nothing can be written here")
    stage.picture(tab, "problem-" + name)
    tab.need_no_complaint()


def wrong_links(stage, gate, link, native):
    tab = stage.tab()
    tab.go(gate.url + "/verify")
    other, unknown = tab.run_async(NAMES)
    place, fragment = link.split("#")
    swapped = place[:-1] + ("q" if place[-1] != "q" else "p")
    shut(stage, tab, swapped + "#" + fragment, "link")
    shut(stage, tab, place + "#" + fragment[:-3], "link")
    shut(stage, tab, place + "#%%%", "link")
    shut(stage, tab, "%s/m/%s" % (gate.url, other), "network")
    shut(stage, tab, gate.url + "/m/", "link")
    shut(stage, tab, "%s/m/%s" % (gate.url, unknown), "unknown")
    stage.done("damaged links, another network's meeting, a meeting that nobody knows")
    tab.go(gate.url + "/")
    for text in ("phi:abc", native[:-3], "https://127.0.0.1/x", ""):
        tab.fill("#link", text or " ")
        tab.press(".line-form .button")
        need(len(tab.text("#link-trouble")) > 20, "the start says what is wrong with a link", text)
    tab.fill("#link", native)
    tab.press(".line-form .button")
    tab.part(".chat, .door")
    tab.need_no_complaint()
    stage.done("links typed at the start")


def insecure(stage, link):
    """Plain http from a name that is not this machine; and a browser without the right keys."""
    tab = stage.tab()
    port = stage.node.url.rsplit(":", 1)[1]
    shut(stage, tab, chat.through(link, "http://phi.example:" + port), "insecure")
    need("https" in tab.words(), "it says how to come in", tab.words())
    tab.go("http://phi.example:%s/verify" % port)
    tab.part(".zone")
    other = stage.tab()
    other.before_scripts(OLD)
    shut(stage, other, chat.through(link, stage.gateway().url), "browser")
    stage.done("http from another host, and a browser that is too old")


def no_secret(stage, link):
    tab = stage.tab()
    tab.go(chat.through(link, stage.gateway().url).split("#")[0])
    tab.part("[data-obstacle=secret]")
    need("whole link" in tab.words(), "it says to ask for the whole link", tab.words())
    need("Doors" not in tab.words(), "a sealed title stays sealed")
    stage.picture(tab, "door-secret")
    tab.need_no_complaint()
    stage.done("a private meeting's link without its secret")


def syncing(stage, link):
    """A node that is catching up; the page opens by itself when it has."""
    gate = stage.gateway()

    def behind(call, answer):
        if call["method"] in ("meeting.get", "meeting.history"):
            answer.pop("result", None)
            answer["error"] = {"code": -32006, "message": "the node is still syncing"}
    gate.after = behind
    tab = stage.tab()
    shut(stage, tab, chat.through(link, gate.url), "syncing")
    gate.after = None
    tab.part(".door form")
    stage.done("a node that is syncing, until it has")


def away(stage, link):
    """A node that went away; the page opens by itself when it is back."""
    gate = stage.gateway()
    gate.is_down = True
    tab = stage.tab()
    shut(stage, tab, chat.through(link, gate.url), "unreachable")
    gate.is_down = False
    tab.part(".door form")
    stage.done("a node that does not answer, until it does")


def closed(stage, host, link):
    """Who comes after the end reads, and is told why nothing can be written."""
    chat.enter(host, link)
    chat.say(host, "The last word")
    chat.see(host, "The last word", ["pending"])
    chat.end(host)
    name = link.split("/m/")[1].split("#")[0]
    host.wait("the close was submitted", lambda: any(
        entry["kind"] == "close" for entry in stage.node.call(
            "meeting.history", meeting=name, limit=5, includePending=True)["pending"]))
    mine(stage.node)
    host.part("[data-obstacle=closed]")
    tab = stage.tab()
    tab.go(chat.through(link, stage.gateway().url))
    tab.part(".door [data-obstacle=closed]")
    need(not tab.all("form #name"), "nobody can join any more")
    tab.press("#look")
    chat.see_recorded(tab, "The last word")
    need(not tab.all("#message"), "nobody can write any more")
    stage.picture(tab, "door-closed")
    tab.need_no_complaint()
    stage.done("a meeting that is closed")
