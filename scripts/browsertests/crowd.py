"""Many members: ten thousand people who joined one meeting and have said nothing yet."""
import time

from . import long
from .stage import need

COUNT = 10_000
# Calls for the list of members, five hundred in each; another member is no reason for a new list.
PAGES = COUNT // 500 + 2
NOTICES = "return document.querySelectorAll('phi-list [data-key]').length"


def play(stage):
    node, meeting = long.crowded(stage, COUNT, "--joins")
    need(meeting["entries"] == COUNT + 1, "each of them joined", meeting)
    gate = stage.gateway(node)
    tab = stage.tab()
    started = time.monotonic()
    long.look(tab, gate, meeting["meeting"])
    tab.wait("the newest notices are shown", lambda: tab.run(NOTICES) > 3)
    long.people(tab, COUNT + 1)
    stage.done("opened after %.1f s, with all people counted", time.monotonic() - started)
    need(0 < asked(gate) <= PAGES, "the list of members is read once", asked(gate))
    long.everything(stage, tab)
    stage.picture(tab, "ten-thousand-members")
    long.join(tab, node, "Number 10,002")
    long.people(tab, COUNT + 2)
    need(asked(gate) <= 2 * PAGES, "one more person is no reason to read all again", asked(gate))
    tab.need_no_complaint()
    stage.done("one more person joined and wrote; %d calls for members in all", asked(gate))


def asked(gate):
    """How often the browser asked for a page of members."""
    return gate.all_asked().count(b"meeting.members")
