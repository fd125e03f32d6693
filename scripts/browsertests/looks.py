"""Every page, narrow and wide, light and dark: usable by everyone, and pictures to look at."""
import pathlib

from localnet import Failure

from . import chat
from .stage import mine, need

RULES = (pathlib.Path(__file__).parent / "accessibility.js").read_text()
MODES = [(width, dark) for width in (390, 1_280) for dark in (False, True)]
FOCUS = """const element = document.activeElement;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return { name: element.id || element.getAttribute('aria-label') || element.textContent.trim()
        .slice(0, 30) || element.tagName, isPage: element === document.body,
      isSeen: box.width > 0 && box.height > 0 || element.matches('.unseen, [type=file]'),
      hasRing: style.outlineStyle !== 'none' || style.boxShadow !== 'none' ||
        element.matches('.unseen, phi-list, textarea, input') }"""


def look(stage, tab, name):
    """One view in all four forms."""
    trouble = {}
    for width, dark in MODES:
        tab.size(width, dark)
        form = "%s-%d-%s" % (name, width, "dark" if dark else "light")
        # Two frames, so that what follows the width has settled.
        tab.run_async("""for (let frame = 0; frame < 2; frame += 1)
            await new Promise((resolve) => requestAnimationFrame(resolve));""")
        stage.picture(tab, form)
        for line in tab.run(RULES):
            trouble.setdefault(line, form)
    tab.size(1_280)
    if trouble:
        raise Failure("%s is not for everyone:\n      %s" % (name, "\n      ".join(
            "%s (%s)" % (line, form) for line, form in list(trouble.items())[:12])))
    tab.need_no_complaint()
    stage.done("%s", name)


def walk(tab, wanted):
    """Presses Tab from the start: everything named is reached, in this order, and can be seen."""
    from selenium.webdriver.common.keys import Keys
    # From the top of the page, wherever the focus is now.
    tab.run("""const start = document.createElement('span');
        start.tabIndex = -1;
        document.body.prepend(start);
        start.focus();
        start.remove();""")
    reached = []
    for _ in range(60):
        tab.keys(Keys.TAB)
        at = tab.run(FOCUS)
        if at["isPage"] or (reached and at["name"] == reached[0] and len(reached) > 2):
            break
        need(at["isSeen"], "what has the focus can be seen", at)
        need(at["hasRing"], "what has the focus is marked", at)
        reached.append(at["name"])
    places = [reached.index(name) for name in wanted if name in reached]
    need(len(places) == len(wanted), "all is reached by keyboard", wanted, reached)
    need(places == sorted(places), "in the order in which it is read", wanted, reached)


def play(stage):
    url = stage.gateway().url
    tab = stage.tab()
    tab.go(url + "/")
    tab.part("#create")
    look(stage, tab, "start")
    walk(tab, ["create", "link", "Open", "How Phi works", "Verify a receipt"])
    tab.press("footer button, .page-foot button")
    tab.part("dialog")
    look(stage, tab, "about")
    chat.dismiss(tab)
    tab.press("#create")
    tab.part("#title")
    look(stage, tab, "create")
    walk(tab, ["title", "name", "reading-private", "writing-link", "lifetime", "Start the meeting"])
    link = chats(stage, tab, url)
    doors(stage, link)
    checks(stage, tab, url)
    explorer(stage, tab, url, link)


def chats(stage, tab, url):
    """The chat with all that can be opened in it."""
    link, _ = chat.create(tab, url, "Looks of a meeting", "Lena")
    mine(stage.node)
    guest = stage.tab()
    chat.join(guest, chat.through(link, stage.gateway().url), "Omar")
    for number, (who, text) in enumerate([
            (tab, "Good morning, everyone."), (guest, "Good morning! https://phi.example/plan"),
            (tab, "A longer line, so that it goes over more than one line where the window is as "
                  "narrow as a phone is, and a little more."),
            (guest, "\u05e9\u05dc\u05d5\u05dd, this goes the other way")]):
        chat.say(who, text)
        chat.see(tab, text, ["pending"])
    mine(stage.node, 2)
    chat.see_recorded(tab, "Good morning, everyone.")
    chat.say(tab, "This one is still pending.")
    chat.see(tab, "This one is still pending.", ["pending"])
    look(stage, tab, "chat")
    walk(tab, ["All meetings", "find", "people", "share", "menu", "Messages", "message"])
    for name, opening in (("share", "#share"), ("menu", "#menu")):
        tab.press(opening)
        tab.part("dialog")
        look(stage, tab, name)
        if name == "menu":
            tab.press("#menu-jump")
            tab.part("#jump")
            look(stage, tab, "jump")
        chat.dismiss(tab)
    inside(stage, tab)
    return link


def inside(stage, tab):
    for name, opening in (
            ("details", "document.querySelector('article [data-part=more]').click()"),
            ("react", "document.querySelector('article [data-part=react]').click()"),
            ("revoke", "document.querySelector('.person .sign').click()"),
            ("close", "document.querySelector('#close-meeting').click()")):
        tab.run(opening)
        tab.part("dialog")
        look(stage, tab, name)
        chat.dismiss(tab)
    tab.press("#menu")
    tab.press("#menu-about")
    tab.part("dialog code")
    look(stage, tab, "meeting-about")
    chat.dismiss(tab)
    tab.press("#find")
    tab.fill("#search", "morning")
    tab.says("2 of 2")
    look(stage, tab, "search")
    tab.press(".search button[aria-label=Close]")


def doors(stage, link):
    tab = stage.tab()
    address = chat.through(link, stage.gateway().url)
    tab.go(address)
    tab.part(".door form")
    look(stage, tab, "door")
    walk(tab, ["name", "Join the meeting", "look"])
    # Through another address: this one is remembered with its secret.
    tab.go(chat.through(link, stage.gateway().url).split("#")[0])
    tab.part("[data-obstacle=secret]")
    look(stage, tab, "door-without-secret")
    tab.go(address.split("/m/")[0] + "/m/phid1qqqq")
    chat.problem(tab, "link")
    look(stage, tab, "problem")


def checks(stage, tab, url):
    """The page for receipts, before and after one was checked."""
    tab.go(url + "/verify")
    tab.part(".zone")
    look(stage, tab, "verify")
    walk(tab, ["file", "trusted"])
    receipt = stage.folder / "looks.phi"
    stage.node.call("miner.generate", blocks=1)
    entry = next(found for meeting in stage.node.call("meeting.list", limit=50)["meetings"]
                 for found in stage.node.history(meeting["meeting"]))
    receipt.write_text(stage.node.call("entry.receipt", entry=entry["entry"])["receipt"])
    tab.focus().find_element("id", "file").send_keys(str(receipt))
    tab.says("This receipt is valid")
    look(stage, tab, "verify-valid")
    receipt.write_text(receipt.read_text().replace("index ", "index 1", 1))
    other = stage.folder / "wrong.phi"
    other.write_text(receipt.read_text())
    tab.focus().find_element("id", "file").send_keys(str(other))
    tab.says("not valid")
    look(stage, tab, "verify-refused")


def explorer(stage, tab, url, link):
    name = link.split("/m/")[1].split("#")[0]
    entries = stage.node.history(name)
    message = next(entry for entry in entries if entry["kind"] == "message")
    height = stage.node.tip["height"]
    meeting = stage.node.call("meeting.get", meeting=name)["meeting"]
    for view, path in (("explore", ""), ("blocks", "/blocks"), ("block", "/block/%d" % height),
                       ("meetings", "/meetings"), ("meeting", "/meeting/" + meeting),
                       ("entry", "/entry/" + message["entry"]),
                       ("author", "/author/" + message["author"]), ("peers", "/peers"),
                       ("mempool", "/mempool"), ("nothing", "/entry/" + "ab" * 32)):
        tab.go(url + "/explore" + path)
        tab.part(".explore .content:not([aria-busy]) h1")
        look(stage, tab, view if view == "explore" else "explore-" + view)
