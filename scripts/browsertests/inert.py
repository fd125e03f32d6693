"""What others write is text: in titles, names, messages and replies no markup or script of it lives."""
from . import chat
from .stage import mine, need

PAYLOADS = [
    "<script>window.harm = 1</script>",
    "<img src=x onerror=\"window.harm=1\">",
    "<svg/onload=window.harm=1>",
    "\"><iframe src=javascript:window.harm=1></iframe>",
    "<style>*{display:none}</style>",
    "<a href=\"javascript:window.harm=1\">press</a>",
    "javascript:window.harm=1",
    "{{constructor.constructor('window.harm=1')()}}",
    "${window.harm=1}",
    "</textarea><input autofocus onfocus=window.harm=1>",
    "<meta http-equiv=refresh content=0;url=about:blank>",
    "<base href=http://127.0.0.1:1/><form action=x><button>",
    "<details open ontoggle=window.harm=1>",
    "<math><mtext></mtext><mglyph><svg><mtext><style><img src onerror=window.harm=1>",
    "http://127.0.0.1:1/\"onmouseover=\"window.harm=1",
    "&lt;script&gt;window.harm=1&lt;/script&gt; &amp;",
    "<!-- --!> <img src=x onerror=window.harm=1> -->",
    "%3Cscript%3Ewindow.harm=1%3C/script%3E",
]
NAME = "<img src=x onerror=window.harm=1>"
TITLE = "<script>harm=1</script><b>Bold</b>"
STATE = """return { harm: window.harm ?? null, scripts: document.scripts.length,
    strange: [...document.querySelectorAll('img,iframe,object,embed,base,math,style,form[action]')]
      .map((element) => element.outerHTML.slice(0, 80)),
    handlers: [...document.querySelectorAll('*')].filter((element) =>
      [...element.attributes].some(({ name }) => name.startsWith('on'))).length,
    links: [...document.querySelectorAll('a[href]')].map((link) => link.href)
      .filter((href) => !/^https?:/.test(href)) }"""
WATCH = """addEventListener('securitypolicyviolation', (event) => {
    (window.violations ??= []).push(event.violatedDirective + ' ' + event.blockedURI); });"""

# Signs that turn or hide letters: none of them may survive in a name that is shown.
HIDDEN = "\u202e\u202d\u2066\u2067\u2069\u200b\u200d\u2060\ufeff\u00ad\u061c\u180e"
TRICK = "Ann\u202eadliH\u200b\u2066\u2060"


def play(stage):
    gate = stage.gateway()
    host = stage.tab()
    watch = host.before_scripts(WATCH)
    link, _ = chat.create(host, gate.url, TITLE, NAME, reading="private")
    need(host.text("h1") == TITLE, "a title is shown as it was written", host.text("h1"))
    mine(stage.node)
    guest = stage.tab()
    guest.before_scripts(WATCH)
    chat.join(guest, chat.through(link, stage.gateway().url), TRICK)
    for text in PAYLOADS:
        chat.say(host, text)
    for text in PAYLOADS[-3:]:
        chat.see(guest, text)
    mine(stage.node)
    looked_through(guest)
    stage.done("%d payloads as messages, and as title and name", len(PAYLOADS))
    names(host, guest)
    stage.done("signs that hide or turn letters are not in names")
    for path in ("/explore", "/explore/meetings"):
        host.go(gate.url + path)
        host.part(".explore h1")
        inert(host)
    host.go(gate.url + "/")
    host.part(".known")
    inert(host)
    stage.done("the explorer and the list of meetings")
    host.command("Page.removeScriptToEvaluateOnNewDocument", identifier=watch)
    direction(stage)


def inert(tab):
    """Nothing that was written has become part of the page."""
    state = tab.run(STATE)
    need(state["harm"] is None, "no script of others ran", state)
    need(state["scripts"] == 1, "the page has its own script only", state)
    need(not state["strange"] and not state["handlers"], "no markup of others is in the page",
         state)
    need(not state["links"], "no link leads but to the web", state["links"])
    need(not tab.run("return window.violations ?? []"), "the page keeps its own policy",
         tab.run("return window.violations ?? []"))
    tab.need_no_complaint()


def looked_through(tab):
    """Every payload is shown as the text that it is; the search and the details take it too."""
    shown = set()
    tab.run("document.querySelector('phi-list').scrollTop = 0")

    def everything():
        shown.update(row["text"] for row in chat.rows(tab) if row["isMessage"])
        tab.run("document.querySelector('phi-list').scrollTop += 400")
        return shown >= set(PAYLOADS)
    tab.wait("every payload is shown as text", everything)
    inert(tab)
    tab.press("#find")
    tab.fill("#search", PAYLOADS[1])
    tab.says("1 of 1")
    inert(tab)
    tab.run("document.querySelector('article [data-part=more]').click()")
    tab.part("dialog.details")
    inert(tab)
    chat.dismiss(tab)


def names(host, guest):
    """A name is shown without what hides or turns letters, and cannot pass for the host's."""
    people = host.wait("both are listed", lambda: len(host.all(".person .name")) == 2 and [
        name.text for name in host.all(".person .name")])
    need(any(name.startswith("AnnadliH") for name in people), "the letters of a name stay", people)
    for tab in (host, guest):
        shown = tab.run("""return [...document.querySelectorAll(
            '.name, .person .name, .avatar')].map((part) => part.textContent).join()""")
        need(not set(shown) & set(HIDDEN), "no hidden sign is in a name", shown)


def direction(stage):
    """Text from right to left runs so, and a turning sign in a message turns nothing around it."""
    tab = stage.tab()
    chat.create(tab, stage.gateway().url, "\u05e9\u05dc\u05d5\u05dd", "\u05e0\u05d5\u05e2\u05d4",
                "public", "anyone")
    mine(stage.node)
    for text in ("\u05e9\u05dc\u05d5\u05dd \u05dc\u05db\u05d5\u05dc\u05dd", "Left to right again"):
        chat.say(tab, text)
        chat.see(tab, text, ["pending"])
    chat.say(tab, "turn\u202eed")
    tab.wait("three messages are shown", lambda: len(tab.all("article.message")) == 3)
    found = tab.run("""return [...document.querySelectorAll('article .text')].map((part) =>
        [getComputedStyle(part).direction, part.textContent])""")
    need([side for side, _ in found] == ["rtl", "ltr", "ltr"], "each text has its direction", found)
    need("\u202e" not in found[2][1], "a turning sign is not shown", found)
    tab.need_no_complaint()
    stage.done("right to left, and turning signs in messages")
