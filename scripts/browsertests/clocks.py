"""A device whose clock is wrong by a day: messages go through and stand where the block says."""
from . import chat
from .stage import mine, need

DAY = 86_400_000
# Workers keep the right time; they measure spans only.
SHIFT = """{ const Real = Date, by = %d; globalThis.Date = class extends Real {
    constructor(...parts) { if (parts.length) super(...parts); else super(Real.now() + by); }
    static now() { return Real.now() + by; } }; }"""
TIMES = """return [...document.querySelectorAll('article.message')].map((row) =>
    [row.querySelector('.text').innerText, Date.parse(row.querySelector('time').dateTime)]);"""


def play(stage):
    right = stage.tab()
    link, _ = chat.create(right, stage.gateway().url, "Clocks", "Clara")
    mine(stage.node)
    for by, name in ((-DAY, "a day behind"), (DAY, "a day ahead")):
        tab = stage.tab()
        tab.before_scripts(SHIFT % by)
        chat.join(tab, chat.through(link, stage.gateway().url), "Guest " + name)
        need(abs(tab.run("return Date.now()") - right.run("return Date.now()") - by) < 60_000,
             "the clock of the tab is wrong")
        text = "My clock is " + name
        chat.say(tab, text)
        chat.see(tab, text, ["pending"])
        mine(stage.node)
        for each in (tab, right):
            chat.see_recorded(each, text)
            shown = dict(each.run(TIMES))[text]
            need(abs(shown - right.run("return Date.now()")) < DAY / 4,
                 "a recorded message stands at the time of its block", name, shown)
        if by < 0:
            # A clock that is ahead cannot be told from a chain that stands still.
            tab.wait("the page says that the clock is off",
                     lambda: any("clock" in banner.text for banner in tab.all(".banner")))
        stage.picture(tab, "clock-" + name.split()[-1])
        tab.need_no_complaint()
        stage.done("%s", name)
    right.need_no_complaint()
