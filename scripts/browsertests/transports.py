"""Live events: by WebSocket, else by server-sent events, else by asking now and then."""
from . import chat
from .stage import mine, need

CARRIERS = [("WebSocket", set(), "/ws", "live"), ("events", {"/ws"}, "/events", "live"),
            ("polling", {"/ws", "/events"}, None, "polling")]


def play(stage):
    talker = stage.tab()
    link, _ = chat.create(talker, stage.gateway().url, "Carriers", "Tilda", reading="public",
                          writing="anyone")
    mine(stage.node)
    for name, refused, path, state in CARRIERS:
        gate = stage.gateway()
        gate.refused |= refused
        tab = stage.tab()
        tab.go(chat.through(link, gate.url))
        tab.press("#look")
        tab.part(".connection[data-state=%s]" % state)
        text = "Heard over %s" % name
        chat.say(talker, text)
        chat.see(tab, text)
        used = [asked for asked in gate.paths if asked.startswith(("/ws", "/events"))
                and not any(asked.startswith(place) for place in refused)]
        need(bool(used) == (path is not None) and all(asked.startswith(path) for asked in used),
             "only the best carrier that works is used", name, used)
        mine(stage.node)
        chat.see_recorded(tab, text)
        tab.need_no_complaint()
        stage.done("%s", name)
    gate = stage.gateway()
    tab = stage.tab()
    tab.go(chat.through(link, gate.url))
    tab.press("#look")
    tab.part(".connection[data-state=live]")
    gate.refused |= {"/ws", "/events"}
    gate.cut()
    tab.part(".connection[data-state=polling]")
    gate.refused.clear()
    tab.part(".connection[data-state=live]")
    stage.done("to polling when streams break, and back when they work again")
