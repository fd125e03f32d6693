"""A node that lies: what it changes, leaves out or makes up is marked, and the rest is believed."""
import base64
import json

from . import chat
from .stage import mine, need

LINES = ["The first line stands.", "The second line stands.", "The third line stands.",
         "The fourth line stands."]


class Liar:
    """Falsifies the answers about the history of a meeting."""

    def __init__(self, change):
        self.change = change
        self.count = 0

    def __call__(self, call, answer):
        if call["method"] == "meeting.history" and "result" in answer:
            self.change(answer["result"])
            self.count += 1


def play(stage):
    truth = stage.gateway()
    host = stage.tab()
    link, _ = chat.create(host, truth.url, "The lying node", "Hilda", reading="public",
                          writing="anyone")
    mine(stage.node)
    for line in LINES:
        chat.say(host, line)
        chat.see(host, line, ["pending"])
    mine(stage.node)
    entries = {line: chat.see_recorded(host, line)["id"] for line in LINES}
    for name, change, judge in cases(entries):
        gate = stage.gateway()
        # Only what is asked for can be falsified here; what streams bring is judged the same way.
        gate.refused |= {"/ws", "/events"}
        gate.after = liar = Liar(change)
        tab = stage.tab()
        tab.go(chat.through(link, gate.url))
        tab.press("#look")
        judge(tab)
        need(liar.count > 0, "the node lied")
        stage.picture(tab, "lie-" + name)
        tab.need_no_complaint()
        tab.close()
        stage.done("a message that was %s", name)


def cases(entries):
    second, third = entries[LINES[1]], entries[LINES[2]]
    return [
        ("changed", lambda result: changed(result, second), sees_changed),
        ("dropped from the middle", lambda result: dropped(result, second), sees_dropped),
        ("invented", lambda result: invented(result, second), sees_invented),
        ("moved to another block", lambda result: moved(result, third), sees_moved),
    ]


def by_id(result, entry):
    return next(found for found in result["entries"] if found["entry"] == entry)


def changed(result, entry):
    """Another text under the same signature."""
    document = by_id(result, entry)
    payload = base64.b64decode(document["payload"])
    text = payload.replace(b"stands", b"wavers")
    document["payload"] = base64.b64encode(text).decode()


def dropped(result, entry):
    result["entries"] = [found for found in result["entries"] if found["entry"] != entry]


def invented(result, entry):
    """An entry under another's name, said to be on its way, with a signature that is none."""
    if any(found["entry"] == "ab" * 32 for found in result["pending"]):
        return
    document = json.loads(json.dumps(by_id(result, entry)))
    document.pop("proof", None)
    envelope = bytearray(base64.b64decode(document["envelope"]))
    envelope[210] ^= 1
    document.update(envelope=base64.b64encode(envelope).decode(),
                    status={"status": "pending", "entry": document["entry"], "depth": 0})
    dropped(result, entry)
    result["pending"].append(document)


def moved(result, entry):
    document = by_id(result, entry)
    document["status"]["height"] -= 1


def marked(tab, mark, why):
    """The one row with a mark; it says so in words, and its details say why."""
    row = tab.wait("a row is marked as %s" % mark, lambda: next(
        (row for row in chat.rows(tab) if row["mark"] == mark), None))
    tab.run("document.querySelector('[data-id=\"%s\"] [data-part=mark]').click()" % row["id"])
    tab.says(why)
    chat.dismiss(tab)
    return row


def others_stand(tab, lines):
    for line in lines:
        chat.see(tab, line, chat.TAKEN, "verified")


def sees_changed(tab):
    row = marked(tab, "changed", "not the one that was signed")
    need("wavers" not in tab.words(), "the false text is not shown", tab.words())
    need("not what its author signed" in row["all"], "it says why nothing is shown", row)
    others_stand(tab, [LINES[0], LINES[2], LINES[3]])


def sees_dropped(tab):
    row = marked(tab, "missing", "1 earlier entry")
    need(row["text"] == LINES[2], "the message after the gap says what is missing", row)
    others_stand(tab, [LINES[0], LINES[3]])


def sees_invented(tab):
    row = marked(tab, "invented", "the author never signed this")
    need("stands" not in row["text"], "what nobody signed is not shown", row)
    others_stand(tab, [LINES[0], LINES[3]])


def sees_moved(tab):
    marked(tab, "changed", "another place")
    others_stand(tab, [LINES[0], LINES[1], LINES[3]])
