"""A browser that keeps nothing, is late with it, or has no room: it is said, and nothing is lost."""
from . import chat, looks
from .sending import once
from .stage import mine, need

DENIED = """for (const name of ['indexedDB', 'localStorage', 'sessionStorage'])
    Object.defineProperty(globalThis, name, { configurable: true,
      get() { throw new DOMException('denied', 'SecurityError'); } });"""

# A browser that answers to the opening of a database when it is told to.
LATE = """if (globalThis.IDBFactory) {
    const open = IDBFactory.prototype.open; const held = []; let isHeld = true;
    window.held = held;
    window.answer = () => { isHeld = false; for (const { go } of held.splice(0)) go(); };
    IDBFactory.prototype.open = function (...parts) {
        if (!isHeld) return open.apply(this, parts);
        let real; const request = { get result() { return real.result; },
            get error() { return real.error; } };
        held.push({ request, go: () => {
            real = open.apply(this, parts);
            for (const name of ['onupgradeneeded', 'onsuccess', 'onerror'])
                real[name] = (event) => request[name]?.(event); } });
        return request; }; }"""
# There is no room for an entry with its stamp, while a story says so; notes when that was tried.
FILLED = """const put = IDBObjectStore.prototype.put; window.tried = [];
    IDBObjectStore.prototype.put = function (value, ...rest) {
        const request = put.call(this, value, ...rest);
        if (!window.isFull || this.name !== 'queue' || value.nonce === undefined) return request;
        const { transaction } = this;
        window.tried.push(performance.now());
        Object.defineProperty(transaction, 'error',
            { value: new DOMException('full', 'QuotaExceededError') });
        transaction.abort();
        return request; };"""
# Longer than the first two waits of a page that tries more and more slowly, together.
THREE_TRIES = "const { tried } = window; return tried.length > 0 && tried.at(-1) - tried[0] > 8_000"


def play(stage):
    denied(stage)
    late(stage)
    full(stage)
    fills(stage)


def denied(stage):
    """The page works from memory and says that nothing survives it."""
    tab = stage.tab()
    tab.before_scripts(DENIED)
    link, _ = chat.create(tab, stage.gateway().url, "No memory", "Nemo")
    mine(stage.node)
    tab.part(".banner")
    need("keeps nothing" in tab.words(), "it is said that nothing is kept", tab.words())
    chat.say(tab, "Said without a memory")
    chat.see(tab, "Said without a memory", ["pending"])
    mine(stage.node)
    chat.see_recorded(tab, "Said without a memory")
    guest = stage.tab()
    guest.before_scripts(DENIED)
    chat.join(guest, chat.through(link, stage.gateway().url), "Gast")
    chat.say(guest, "Neither have I")
    chat.see(tab, "Neither have I")
    stage.picture(tab, "storage-denied")
    for each in (tab, guest):
        each.need_no_complaint()
    stage.done("storage denied")


def late(stage):
    """A page whose database does not open says so, and goes on as the same person when it does."""
    url = stage.gateway().url
    tab = stage.tab()
    link, _ = chat.create(tab, url, "Late", "Lars", reading="public")
    chat.say(tab, "While the browser was quick")
    chat.submitted(tab)
    script = tab.before_scripts(LATE)
    tab.go(url + "/verify")
    tab.part(".zone")
    tab.go(url + "/explore")
    tab.part(".explore .content:not([aria-busy]) h1")
    need(tab.run("return held.length") == 0, "who keeps nothing opens no database")
    tab.go(link)
    words = chat.problem(tab, "slow")
    need("goes on by itself" in words and "close other tabs" in words, "it says what to do", words)
    need(not tab.all("#message, form"), "nobody can join a second time", words)
    looks.look(stage, tab, "storage-slow")
    tab.run("window.isOld = true")
    tab.press(".problem button", "Reload")
    tab.wait("the page is loaded anew", lambda: tab.run("return !window.isOld && held.length"))
    tab.run("held[0].request.onblocked()")
    chat.problem(tab, "blocked")
    looks.look(stage, tab, "storage-blocked")
    # Elsewhere nobody is told; who comes back is told at once.
    tab.run("""history.pushState(null, '', '/verify'); dispatchEvent(new Event('popstate'));""")
    tab.part(".zone")
    tab.run("history.back()")
    chat.problem(tab, "blocked")
    tab.run("answer()")
    goes_on(stage, tab, link)
    tab.command("Page.removeScriptToEvaluateOnNewDocument", identifier=script)
    stage.done("a database that opens late, for the same person")


def goes_on(stage, tab, link):
    """The meeting opens by itself, and whoever writes is who they were."""
    tab.part("#message")
    chat.say(tab, "When it answered at last")
    chat.submitted(tab)
    mine(stage.node)
    texts = ["While the browser was quick", "When it answered at last"]
    for text in texts:
        chat.see_recorded(tab, text)
    once(stage.node, link, texts)
    name = link.split("/m/")[1].split("#")[0]
    authors = {entry["author"] for entry in stage.node.history(name)}
    need(len(authors) == 1, "the key is the same", authors)
    tab.need_no_complaint()


def full(stage):
    """A message that cannot be kept is given back, and sent when there is room again."""
    gate = stage.gateway()
    tab = stage.browser("full")
    link, _ = chat.create(tab, gate.url, "No room", "Rosa")
    mine(stage.node)
    chat.say(tab, "While there is room")
    chat.see(tab, "While there is room", ["pending"])
    stage.chromium.end(tab.driver)
    # A browser that was started anew asks how much room there is; keys and meeting are kept.
    tab = stage.browser("full")
    quota(tab, gate.url, 1)
    chat.enter(tab, link)
    chat.see(tab, "While there is room", ["pending"])
    text = "No room for this. " + "\u2014" * 4_000
    chat.say(tab, text)
    tab.part(".toast.trouble")
    need("room" in tab.text(".toast.trouble"), "it is said that there is no room",
         tab.text(".toast.trouble"))
    need(tab.part("#message").get_attribute("value") == text, "the text is given back")
    need(not chat.found(tab, text), "what is not kept is not shown as if it were sent")
    stage.picture(tab, "storage-full")
    quota(tab, gate.url, None)
    tab.part("#message").send_keys("\ue007")
    chat.see(tab, text, ["pending"])
    mine(stage.node)
    chat.see_recorded(tab, text)
    stage.done("storage full, and then not; keys kept over a restart of the browser")


def fills(stage):
    """What was queued while there was room waits for room to go on, and is sent once."""
    gate = stage.gateway()
    tab = stage.tab()
    tab.before_scripts(FILLED)
    link, _ = chat.create(tab, gate.url, "It fills", "Fay", reading="public")
    mine(stage.node)
    calls = []
    gate.before = lambda call: calls.append(
        call["method"] + " for an entry" * ("kind" in call.get("params", {})))
    tab.run("window.isFull = true")
    text = "The last that was kept"
    chat.say(tab, text)
    tab.part(".toast.trouble")
    need("room" in tab.text(".toast.trouble"), "it is said that there is no room",
         tab.text(".toast.trouble"))
    tab.wait("it was tried again and again", lambda: tab.run(THREE_TRIES))
    tried = tab.run("return window.tried.length")
    # The step itself, and that it was refused.
    need(tried <= 3 * 2, "it is tried more and more slowly", tried)
    chat.see(tab, text, ["sending"])
    need("entry.submit" not in calls, "what is not kept is not sent", calls)
    tab.run("window.isFull = false")
    chat.see(tab, text, ["pending"])
    chat.submitted(tab)
    need(calls.count("stamp.quote for an entry") == 1, "the stamp was found once", calls)
    need(calls.count("entry.submit") == 1, "it was sent once", calls)
    mine(stage.node)
    chat.see_recorded(tab, text)
    once(stage.node, link, [text])
    tab.need_no_complaint()
    stage.done("no room in the middle: tried %d times, stamped and sent once", tried)


def quota(tab, origin, size):
    """How many bytes the browser gives a page; all that it wants for none."""
    tab.command("Storage.overrideQuotaForOrigin", origin=origin,
                **({"quotaSize": size} if size is not None else {}))
