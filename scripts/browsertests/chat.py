"""What a person does in a meeting with the page: start, join, write, look, lead, end it."""
from localnet import Failure

from .stage import need

TAKEN = ("recorded", "settled", "deep")
ROWS = """return [...document.querySelectorAll('phi-list [data-key]')].map((row) => ({
    key: row.dataset.key, id: row.dataset.id, status: row.dataset.status, mark: row.dataset.mark,
    isMessage: row.classList.contains('message'), isOwn: row.classList.contains('own'),
    text: row.querySelector('.text')?.innerText ?? row.innerText,
    label: row.getAttribute('aria-label') ?? '', all: row.innerText }))"""

# Looks after each change of the list, when it is whole, and before anybody can see it.
DOUBLES = """const list = document.querySelector('phi-list'); window.doubles = [];
    new MutationObserver(() => {
        const texts = [...list.querySelectorAll('.message .text')].map((part) => part.innerText);
        window.doubles.push(...texts.filter((text, at) => texts.indexOf(text) !== at));
    }).observe(list, { childList: true, subtree: true });"""
QUEUE = """const { Database } = await import('/page/store/database.js');
    const database = await Database.open();
    return (await database.list('queue', '')).map(([, { step }]) => step);"""


def create(tab, url, title, name, reading="private", writing="link"):
    """Starts a meeting as its host; gives the two links of the share sheet."""
    tab.go(url + "/")
    tab.press("#create")
    tab.part("#title")
    tab.fill("#title", title)
    tab.fill("#name", name)
    tab.press("#reading-" + reading)
    tab.press("#writing-" + writing)
    tab.press("form.form .button.main")
    tab.part("dialog.share", 120)
    links = tab.part("#share-link").get_attribute("value"), tab.part(
        "#share-native").get_attribute("value")
    dismiss(tab)
    submitted(tab)
    return links


def submitted(tab):
    """Waits until the node has all that was written here."""
    tab.wait("all was sent", lambda: all(
        step == "sent" for step in tab.run_async(QUEUE)))


def dismiss(tab):
    """Closes the dialog that is open."""
    from selenium.webdriver.common.keys import Keys
    tab.part("dialog")
    tab.keys(Keys.ESCAPE)
    tab.gone("dialog")


def through(link, url):
    """The link of a meeting through another node."""
    return url + "/m/" + link.split("/m/")[1]


def join(tab, link, name, seconds=60):
    """Opens a link, gives a name, and is in."""
    tab.go(link)
    tab.part("form #name", seconds)
    tab.fill("#name", name)
    tab.press("form .button.main")
    tab.part("#message")


def enter(tab, link):
    """Opens a meeting in which this browser is already."""
    tab.go(link)
    tab.part("#message")


def say(tab, text):
    """Writes a message and sends it with Enter."""
    from selenium.webdriver.common.keys import Keys
    tab.fill("#message", text)
    tab.part("#message").send_keys(Keys.ENTER)


def rows(tab):
    """What the list shows near the window: messages and notices, the oldest first."""
    return tab.run(ROWS)


def found(tab, text):
    """The shown messages with exactly this text."""
    return [row for row in rows(tab) if row["isMessage"] and row["text"] == text]


def watch_doubles(tab):
    """Has the page remember every text that is ever shown twice, be it for a moment."""
    tab.run(DOUBLES)


def need_no_double(tab):
    """No text was shown twice since it was watched."""
    doubles = tab.run("return window.doubles")
    need(doubles == [], "nothing is shown twice, not for a moment", doubles)


def see(tab, text, statuses=None, mark=None, seconds=60):
    """Waits until a message is shown once, in one of these states and with this mark."""
    def check():
        shown = found(tab, text)
        if len(shown) > 1:
            raise Failure("“%s” is shown %d times" % (text, len(shown)))
        return shown and (statuses is None or shown[0]["status"] in statuses) and (
            mark is None or shown[0]["mark"] == mark) and shown[0]
    return tab.wait("“%s” is shown as %s %s" % (text[:80], statuses or "anything", mark or ""),
                    check, seconds)


def see_recorded(tab, text, seconds=60):
    return see(tab, text, TAKEN, "verified", seconds)


def notice(tab, words, seconds=60):
    """Waits for a notice that contains words."""
    return tab.wait("a notice says “%s”" % words, lambda: next(
        (row for row in rows(tab) if not row["isMessage"] and words in row["text"]), None), seconds)


def problem(tab, name, seconds=60):
    """Waits for a page that says what is wrong, and checks that it also says what to do."""
    tab.part(".problem[data-problem=%s]" % name, seconds)
    words = tab.text(".problem")
    need(len(tab.text(".problem h1")) > 5, "a problem has a title", words)
    need(len(tab.text(".problem .remedy")) > 15, "a problem says what to do", words)
    return words


def open_share(tab):
    """The link as the share sheet shows it now."""
    tab.press("#share")
    link = tab.part("#share-link").get_attribute("value")
    dismiss(tab)
    return link


def shut_out(tab, name, new_epoch=True):
    """The host shuts somebody out."""
    tab.press("[aria-label='Shut out %s']" % name)
    box = tab.part("#new-epoch")
    if box.is_selected() != new_epoch:
        box.click()
    tab.press("dialog .button.grave")
    tab.gone("dialog")


def end(tab):
    """The host closes the meeting."""
    tab.press("#close-meeting")
    tab.press("dialog .button.grave")
    tab.gone("dialog")
