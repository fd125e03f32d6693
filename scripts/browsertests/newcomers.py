"""Who comes into a meeting is a member at once; the list of members is read only when needed."""
from . import chat
from .stage import mine, need

# One more person who asks in, without a name and without this browser's keys: the clients write
# a `join` only where a meeting asks for one, and it is allowed wherever anyone may write.
ASK_IN = """const load = (...names) => Promise.all(names.map((name) => import(`/page/${name}.js`)));
    const [{ RPC }, { Database }, { Author, makeRecord }] =
        await load('net/rpc', 'store/database', 'session/keyring');
    const [{ Delivery }, { Headers }, { readNetwork }, { Stamper }, { jobOf }] =
        await load('session/delivery', 'session/headers', 'session/network', 'session/stamper',
            'session/job');
    const [{ encodeJoin }, { Kind }, { fromHex, hex }] =
        await load('core/terms', 'core/entry', 'core/bytes');
    const rpc = new RPC(), network = readNetwork(await rpc.call('node.info'));
    const headers = new Headers(rpc, network);
    await headers.start();
    const meeting = fromHex(values[0], 32), record = await makeRecord();
    // Never opened, so that it is kept in memory.
    const author = new Author(new Database(), record), nothing = async () => {};
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const content = encodeJoin({ salt, admission: new Uint8Array(64), agreement: record.agreement });
    await new Delivery({ rpc, network, headers, stamper: new Stamper(), meeting, author,
        payloadOf: (job) => job.content, place: () => 'join', keep: nothing, tell: nothing,
        progress: nothing }).carry(jobOf({ kind: Kind.join, content }, 1));
    return hex(record.author);"""
ROLES = """return Object.fromEntries([...document.querySelectorAll('.person[data-author]')].map(
    (row) => [row.dataset.author, row.querySelector('.fine').innerText.split(' \u00b7 ')[0]]))"""
STREAMS = {"/ws", "/events"}
# Lets a story say to the page what a node could say, over the stream that is open.
SOCKETS = """const Real = WebSocket; let newest;
    window.WebSocket = class extends Real {
        constructor(...parts) { super(...parts); newest = this; } };
    window.hear = (topic, event) =>
        newest.onmessage({ data: JSON.stringify({ params: { topic, event } }) });"""
UNSEEN = "ab" * 32


def play(stage):
    come(stage)
    reset(stage)


def asked(gate):
    """How often a browser asked for a page of members."""
    return gate.all_asked().count(b"meeting.members")


def ask_in(tab, gate, meeting):
    """Somebody comes in by an entry that asks in; the key."""
    tab.go(gate.url + "/verify")
    tab.gone("main.waiting")
    return tab.run_async(ASK_IN, meeting)


def role(tab, author, expected):
    """Waits until the list of people says what somebody is."""
    tab.wait("%s is “%s”" % (author[:8], expected),
             lambda: tab.run(ROLES).get(author) == expected)


def watcher(stage, link, refused, state):
    """A tab that looks on, live or by asking; with its gateway."""
    gate = stage.gateway()
    gate.refused |= refused
    tab = stage.tab()
    tab.before_scripts(SOCKETS)
    tab.go(chat.through(link, gate.url))
    tab.press("#look")
    tab.part(".connection[data-state=%s]" % state)
    return tab, gate


def opened(stage, title):
    """A meeting in which anyone may write; its host's tab, link and id."""
    host = stage.tab()
    link, _ = chat.create(host, stage.gateway().url, title, "Hedda", "public", "anyone")
    mine(stage.node)
    host.wait("the meeting is in a block", lambda: "first block" not in host.words())
    return host, link, next(
        meeting["meeting"] for meeting in stage.node.call("meeting.list", limit=50)["meetings"]
        if meeting.get("title") == title)


def come(stage):
    """One only writes, one asks in, one is shut out: who looks on live or by asking sees it."""
    host, link, meeting = opened(stage, "Newcomers")
    tabs = [watcher(stage, link, set(), "live"), watcher(stage, link, STREAMS, "polling")]
    for tab, _ in tabs:
        tab.wait("the host is shown", lambda: "Host" in tab.run(ROLES).values())
    settle(tabs)
    before = [asked(gate) for _, gate in tabs]
    guest = stage.tab()
    chat.join(guest, chat.through(link, stage.gateway().url), "Walt")
    chat.say(guest, "I only write")
    chat.see(guest, "I only write", ["pending"])
    chat.submitted(guest)
    mine(stage.node)
    writer = author_of(stage.node, meeting, "message")
    for tab, _ in tabs:
        role(tab, writer, "Member")
    newcomer = ask_in(stage.tab(), stage.gateway(), meeting)
    mine(stage.node)
    for tab, _ in tabs:
        role(tab, newcomer, "Member")
    settle(tabs)
    now = [asked(gate) for _, gate in tabs]
    need(now == before, "newcomers are no reason to read the list again", before, now)
    stage.done("one who only writes and one who asks in are members, without a look at the list")
    host.press("[aria-label='Shut out Walt']")
    host.press("dialog .button.grave")
    host.gone("dialog")
    chat.submitted(host)
    mine(stage.node)
    for tab, _ in tabs:
        role(tab, writer, "Shut out")
    settle(tabs)
    now = [asked(gate) for _, gate in tabs]
    need(now == [count + 1 for count in before], "who was shut out is a reason, once", before, now)
    for tab in (host, guest, *(tab for tab, _ in tabs)):
        tab.need_no_complaint()
    stage.done("one who is shut out: the list is read once more")


def author_of(node, meeting, kind):
    """Who wrote the newest entry of a kind."""
    return [entry["author"] for entry in node.history(meeting) if entry["kind"] == kind][-1]


def settle(tabs):
    """Waits until each browser that asks has asked for news a few times more."""
    for tab, gate in tabs:
        if not gate.refused:
            continue
        before = gate.all_asked().count(b"meeting.history")
        tab.wait("it was asked for news", lambda: gate.all_asked().count(
            b"meeting.history") > before + 2)


def reset(stage):
    """After a break in the events the page shows the members as they are by then."""
    _, link, _ = opened(stage, "A break")
    tab, gate = watcher(stage, link, set(), "live")
    tab.wait("the host is shown", lambda: "Host" in tab.run(ROLES).values())

    def more(call, answer):
        if call["method"] == "meeting.members":
            answer["result"]["members"].append(
                {"author": UNSEEN, "state": "member", "entries": 1, "hasApproved": False})
    gate.after = more
    need(UNSEEN not in tab.run(ROLES), "nobody knows of the new member yet")
    tab.run("window.hear('blocks', { event: 'reset', reason: 'the cursor leads nowhere' })")
    role(tab, UNSEEN, "Member")
    tab.need_no_complaint()
    stage.done("members who came during a break in the events are shown after it")
