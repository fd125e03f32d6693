"""Nothing is lost and nothing comes twice: two tabs, a node that dies in the middle, a reload."""
import threading

from localnet import Failure, wait_until

from . import chat
from .gateway import Cut
from .stage import mine, need

EACH = 5
# A tab that is slow to take its turn: it asks for the lock only when it may.
SLOW = """if (navigator.locks) {
    const locks = navigator.locks, real = locks.request.bind(locks);
    let isSlow = false, go; const turn = new Promise((resolve) => { go = resolve; });
    window.holdTurns = () => { isSlow = true; }; window.takeTurn = () => go();
    locks.request = async (...parts) => {
        if (isSlow) await turn;
        return real(...parts); }; }"""


def play(stage):
    two_tabs(stage)
    one_for_both(stage)
    reload(stage)
    for name, is_taken in (("before it took the message", False), ("after it took it", True)):
        dies(stage, is_taken)
        stage.done("a node that died %s, and came back", name)


def texts_of(node, link):
    """The public messages of a meeting in the order of the chain, as the node has them."""
    import base64
    entries = node.history(link.split("/m/")[1].split("#")[0])
    chains = {}
    for entry in entries:
        chains.setdefault(entry["author"], []).append(entry["seq"])
    for author, numbers in chains.items():
        if author != entries[0]["author"]:
            need(numbers == list(range(len(numbers))), "an author's entries are counted without gap",
                 numbers)
    return [base64.b64decode(entry["payload"]) for entry in entries if entry["kind"] == "message"]


def once(node, link, texts):
    """Each text is in the chain once."""
    stored = texts_of(node, link)
    for text in texts:
        count = sum(text.encode() in payload for payload in stored)
        need(count == 1, "“%s” is in the chain once" % text, count)


def kept_once(node, link, texts, tabs):
    """All is sent and recorded once, and no tab ever shows any of it twice."""
    for tab in tabs:
        chat.submitted(tab)
    mine(node)
    for tab in tabs:
        for text in texts:
            chat.see_recorded(tab, text)
        chat.need_no_double(tab)
        tab.need_no_complaint()
    once(node, link, texts)


def two_tabs(stage):
    """Both tabs of one person send at once, under one key."""
    gate = stage.gateway()
    first = stage.tab()
    link, _ = chat.create(first, gate.url, "Two tabs", "Tove", reading="public")
    mine(stage.node)
    second = first.beside()
    stage.tabs.append(second)
    chat.enter(second, link)
    for tab in (first, second):
        chat.watch_doubles(tab)
    texts = []
    for number in range(EACH):
        for tab, name in ((first, "left"), (second, "right")):
            texts.append("%s %d" % (name, number))
            chat.say(tab, texts[-1])
    for tab in (first, second):
        for text in texts:
            chat.see(tab, text)
    kept_once(stage.node, link, texts, (first, second))
    second.close()
    stage.done("two tabs of one person at once")


def one_for_both(stage):
    """One tab sends what the other has written, which hears of it before it knows its number."""
    gate = stage.gateway()
    first = stage.tab()
    link, _ = chat.create(first, gate.url, "One for both", "Thea", reading="public")
    chat.submitted(first)
    mine(stage.node)
    second = first.beside()
    stage.tabs.append(second)
    second.before_scripts(SLOW)
    chat.enter(second, link)
    for tab in (first, second):
        tab.wait("the meeting is in a block", lambda: "first block" not in tab.words())
        chat.watch_doubles(tab)
    second.run("window.holdTurns()")
    texts = ["Written in the slow tab", "Written in the quick tab"]
    chat.say(second, texts[0])
    chat.see(second, texts[0], ["sending"])
    chat.say(first, texts[1])
    for tab in (first, second):
        for text in texts:
            chat.see(tab, text, ["pending"])
    keys = [row["key"] for row in chat.rows(second) if row["text"] == texts[0]]
    need(keys and " " in keys[0], "the row is the one that was there from the start", keys)
    second.run("window.takeTurn()")
    kept_once(stage.node, link, texts, (first, second))
    second.close()
    stage.done("what one tab wrote and another sent")


def reload(stage):
    """What was written while the node was away is sent after a reload, in its order."""
    gate = stage.gateway()
    tab = stage.tab()
    link, _ = chat.create(tab, gate.url, "Offline", "Olga", reading="public")
    mine(stage.node)
    chat.say(tab, "While all was well")
    chat.see(tab, "While all was well", ["pending"])
    gate.is_down = True
    gate.cut()
    tab.part(".connection[data-state=offline]")
    tab.part(".banner")
    texts = ["Written offline %d" % number for number in range(3)]
    for text in texts:
        chat.say(tab, text)
        chat.see(tab, text, ["sending"])
    tab.fill("#message", "A draft")
    stage.picture(tab, "offline")
    tab.reload()
    chat.problem(tab, "unreachable")
    gate.is_down = False
    tab.part("#message")
    need(tab.part("#message").get_attribute("value") == "A draft", "the draft is still there")
    for text in texts:
        chat.see(tab, text, ["pending"])
    mine(stage.node)
    for text in texts:
        chat.see_recorded(tab, text)
    stored = texts_of(stage.node, link)
    places = [next(at for at, payload in enumerate(stored) if text.encode() in payload)
              for text in texts]
    need(places == sorted(places), "they come in the order in which they were written", places)
    once(stage.node, link, texts)
    tab.need_no_complaint()
    stage.done("written offline, kept over a reload, sent once")


def dies(stage, is_taken):
    """The node is killed while a message is being submitted, and starts again on its data."""
    network = stage.pair()
    node, peer = network.nodes
    gate = stage.gateway(node)
    tab = stage.tab()
    link, _ = chat.create(tab, gate.url, "Killed", "Kim", reading="public")
    mine(node)
    chat.say(tab, "Before the crash")
    chat.see(tab, "Before the crash", ["pending"])
    died = threading.Event()

    def kill(call, answer=None):
        if call["method"] == "entry.submit" and not died.is_set():
            if answer is not None and "result" not in answer:
                raise Failure("the node did not take the message: %s" % answer)
            node.kill()
            died.set()
            gate.is_down = True
            gate.cut()
            raise Cut
    setattr(gate, "after" if is_taken else "before", kill)
    chat.say(tab, "In the middle of the crash")
    chat.say(tab, "Behind it in the queue")
    wait_until("the node was killed", 60, died.is_set)
    need(not node.runs, "the node is dead")
    node.start([peer.address])
    network.join()
    gate.is_down = False
    texts = ["Before the crash", "In the middle of the crash", "Behind it in the queue"]
    for text in texts:
        chat.see(tab, text, ["pending", *chat.TAKEN], seconds=90)
    chat.submitted(tab)
    mine(node)
    for text in texts:
        chat.see_recorded(tab, text, 90)
    once(node, link, texts)
    tab.need_no_complaint()
