"""Many members: ten thousand people who joined one meeting and have said nothing yet."""
import time

from . import long, newcomers
from .stage import mine, need

COUNT = 10_000
# Calls for the list of members and the host, five hundred in each, and one that is made again.
PAGES = COUNT // 500 + 2
OWN = """return [...document.querySelectorAll('.person[data-author]')].find(
    (row) => row.querySelector('.tag')).dataset.author"""
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
    before = newcomers.asked(gate)
    need(0 < before <= PAGES, "the list of members is read once", before)
    long.everything(stage, tab)
    stage.picture(tab, "ten-thousand-members")
    long.join(tab, node, "Number 10,002")
    long.people(tab, COUNT + 2)
    tab.wait("whoever only writes is a member",
             lambda: tab.run(newcomers.ROLES).get(tab.run(OWN)) == "Member")
    newcomers.ask_in(stage.tab(), stage.gateway(node), meeting["meeting"])
    mine(node)
    long.people(tab, COUNT + 3)
    now = newcomers.asked(gate)
    need(now == before, "two more people are no reason to read any of it again", before, now)
    tab.need_no_complaint()
    stage.done("one more person wrote, one asked in; %d calls for members in all", now)
