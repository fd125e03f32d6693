"""Two browsers and a terminal talk in one private meeting, each through a node of its own."""
import json
import urllib.request

from localnet import Failure, Person, wait_until

from . import chat, keeping
from .screen import Screen
from .stage import need

INTERVAL = 1_000
TITLE = "Beet rotation, spring plan"
NAMES = {"host": "Ada Quillfeather", "guest": "Ben Ostrander", "terminal": "Cleo Vandermeer"}
SAID = {
    "host": "Good morning, the seed order is due on Friday.",
    "guest": "I counted eleven packets of chard. \U0001f331",
    "terminal": "Cleo takes the compost from the terminal.",
}
ANSWER = "Twelve, one had fallen behind the shelf."
FIXED = "I counted twelve packets of chard. \U0001f331"
BEFORE = "A last word while the old key holds."
AFTER = "This is said under the new key."
REPLY = "I can read it, the key came by itself."


class Terminal:
    """The person at the terminal."""

    def __init__(self, network, node, gateway, link):
        self.person = Person(network, "cleo", node)
        self.network = network
        self.link = link
        self.at = ["--keystore", self.person.keystore, "--network", network.genesis,
                   "--rpc-url", gateway.url]

    def run(self, *arguments, **options):
        return self.network.program.run(*arguments, *self.at, "--json", **options)

    @property
    def has_chat(self):
        """Whether the program has a chat for the terminal."""
        text = self.network.program.run("chat", "--help", status=(0, 1, 2, 64))
        return "phi-ledger chat" in text

    def chat(self, stage, meeting):
        """Opens the chat on a terminal of its own."""
        screen = Screen(self.network.program, [
            "chat", meeting, "--name", NAMES["terminal"], *self.at])
        stage.ending.callback(screen.close)
        return screen

    def join(self):
        return json.loads(self.run("meeting", "join", "-", stdin=self.link))["meeting"]

    def say(self, meeting, text, **options):
        return self.run("send", "message", meeting, text, **options)

    def history(self, meeting):
        """The entries of the meeting as this person reads them."""
        documents = [json.loads(line) for line in
                     self.run("history", meeting, "--pending").splitlines() if line.strip()]
        if len(documents) == 1 and "entries" in documents[0]:
            documents = documents[0]["entries"]
        return [document for document in documents if "entry" in document]

    def sees(self, meeting, text, seconds=60):
        """Waits until the terminal shows a text, recorded; the entry."""
        def check():
            return next((entry for entry in self.history(meeting)
                         if text in json.dumps(entry, ensure_ascii=False)
                         and recorded(entry)), None)
        return wait_until("the terminal shows “%s”, recorded" % text, seconds, check, 0.3)


def recorded(entry):
    status = entry.get("status")
    status = status.get("status") if isinstance(status, dict) else status
    return status in chat.TAKEN


def play(stage):
    network = stage.network(INTERVAL, 4)
    gates = [stage.gateway(node) for node in network.nodes[:3]]
    stage.done("four nodes run, and make a block each second")
    host, guest = stage.browser(), stage.browser()
    link, native = chat.create(host, gates[0].url, TITLE, NAMES["host"])
    stage.done("the host started a private meeting in a browser")
    chat.say(host, SAID["host"])
    terminal, meeting = enter(stage, network, gates, guest, link, native)
    stage.done("a guest joined in another browser, and a third person at a terminal")
    talk(host, guest, terminal, meeting)
    stage.done("each sees what all three said, verified and recorded")
    answers(host, guest)
    stage.done("a reply, a reaction and a correction arrived")
    revoke(host, guest, terminal, meeting, link)
    stage.done("who was shut out reads nothing under the new key, and cannot write")
    end(host, guest)
    stage.done("the meeting was closed; guest and host signed the minutes")
    keeping.files(stage, guest, readable=[SAID["host"], FIXED, AFTER],
                  names=list(NAMES.values())[:2], title=TITLE)
    stage.done("the minutes verify themselves from disk without a network; altered they do not")
    count = sealed(network, gates, [host, guest], [link, native, chat.open_share(guest)])
    stage.done("no text, name, title or secret in %d files and recordings", count)
    for tab in (host, guest):
        tab.need_no_complaint()


def enter(stage, network, gates, guest, link, native):
    """The guest joins by the link, the terminal by the form for programs."""
    wait_until("the second node has what the host wrote", 60, lambda: written(
        network.nodes[1], native) >= 3)
    guest.go(chat.through(link, gates[1].url))
    guest.part(".door form #name", 60)
    need(guest.text("h1") == TITLE, "the door shows the sealed title", guest.text("h1"))
    need(NAMES["host"] in guest.words(), "the door names the host", guest.words())
    need("code came from the node that served it" in guest.words(),
         "the door says where its code came from", guest.words())
    stated = json.loads(urllib.request.urlopen(gates[1].url + "/page.json").read())["hash"]
    guest.wait("the hash of the code is shown", lambda: guest.text(".door .hash") == stated)
    guest.fill("#name", NAMES["guest"])
    guest.press("form .button.main")
    guest.part("#message")
    chat.say(guest, SAID["guest"])
    terminal = Terminal(network, network.nodes[2], gates[2], native)
    wait_until("the third node knew the meeting", 60, lambda: written(
        network.nodes[2], native))
    meeting = terminal.join()
    if terminal.has_chat:
        sits(terminal.chat(stage, meeting))
    else:
        print("   SKIPPED: this phi-ledger has no “chat”; the terminal uses single commands")
        terminal.say(meeting, SAID["terminal"])
    return terminal, meeting


def sits(screen):
    """The third person reads along at the terminal, writes a line, and leaves."""
    for who in ("host", "guest"):
        screen.shows(NAMES[who])
        # A narrow column may break the line; its beginning stands on one.
        screen.shows(SAID[who][:24])
    screen.type(SAID["terminal"] + "\r")
    screen.shows("pending")
    screen.leave()


def name_of(native):
    """The name of a meeting, which is all of its link that a node may see."""
    return native.split("#")[0].removeprefix("phi:")


def written(node, native):
    """How many entries of a meeting a node has in blocks; none where it does not know it."""
    try:
        return len(node.history(name_of(native)))
    except Failure:
        return 0


def talk(host, guest, terminal, meeting):
    """All three see all messages, verified and recorded, under the right names."""
    for who, text in SAID.items():
        for tab, me in ((host, "host"), (guest, "guest")):
            row = chat.see_recorded(tab, text)
            need(row["isOwn"] == (who == me), "each sees which messages are their own", row)
            if who != "terminal" or terminal.has_chat:
                need(row["label"].startswith(NAMES[who]), "a message bears its author's name", row)
        terminal.sees(meeting, text)
    authors = {entry["author"] for entry in terminal.history(meeting)}
    need(len(authors) == 3, "three keys wrote", authors)


def answers(host, guest):
    """A reply, a reaction and a correction reach the other browser."""
    said = chat.see_recorded(host, SAID["guest"])
    host.run("document.querySelector('[data-id=\"%s\"] [data-part=reply]').click()" % said["id"])
    chat.say(host, ANSWER)
    host.run("document.querySelector('[data-id=\"%s\"] [data-part=react]').click()" % said["id"])
    host.press("dialog .reaction.large")
    guest.wait("the reaction arrived", lambda: guest.all("article.own .reaction"))
    chat.see_recorded(guest, ANSWER)
    need(guest.all("article .quote"), "a reply shows what it answers")
    guest.run("document.querySelector('[data-id=\"%s\"] [data-part=more]').click()" % said["id"])
    guest.press("dialog .button", "Correct")
    guest.gone("dialog")
    chat.say(guest, FIXED)
    chat.see_recorded(host, FIXED)
    need(host.all("article .edited"), "a correction is shown as one")


def revoke(host, guest, terminal, meeting, link):
    """Who is shut out reads on with the old key and not with the new, and writes no more."""
    chat.say(host, BEFORE)
    terminal.sees(meeting, BEFORE)
    shut = host.run("""return [...document.querySelectorAll('.person .sign')]
        .map((button) => button.getAttribute('aria-label'))""")
    need(len(shut) == 2, "the host can shut out the two others", shut)
    name = next(label for label in shut if NAMES["guest"] not in label)
    chat.shut_out(host, name.removeprefix("Shut out "))
    chat.notice(guest, "changed the key")
    chat.say(host, AFTER)
    chat.see_recorded(guest, AFTER)
    chat.say(guest, REPLY)
    chat.see_recorded(host, REPLY)
    shown = json.dumps(terminal.history(meeting), ensure_ascii=False)
    need(BEFORE in shown, "who was shut out still reads what was said before")
    need(AFTER not in shown and REPLY not in shown, "who was shut out reads nothing new")
    terminal.say(meeting, "May I still write?", status=(1, 4))
    need(chat.open_share(host) != link, "the link has changed")


def end(host, guest):
    """The host closes the meeting and signs its minutes by itself; the guest signs too."""
    chat.end(host)
    for tab in (host, guest):
        tab.part("[data-obstacle=closed]", 60)
    guest.press("#minutes")
    guest.press("dialog button", "Sign the minutes")
    guest.says("on its way")
    chat.dismiss(guest)
    chat.notice(guest, NAMES["guest"] + "\u2069 signed the minutes", 60)
    chat.notice(guest, NAMES["host"] + "\u2069 signed the minutes", 90)


def sealed(network, gates, tabs, links):
    """The texts, names and title are in no node's folder or log, and in no request or answer."""
    plain = [TITLE, NAMES["host"], NAMES["guest"], *SAID.values(), ANSWER, FIXED, BEFORE, AFTER,
             REPLY]
    return keeping.nowhere(network, gates, tabs, plain, links)
