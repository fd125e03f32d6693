"""What is kept and what must not be: minutes as files, and secrets that stay in the browser."""
import base64
import json
import re

from localnet import Failure, wait_until

from .stage import need

OPENED = "return document.getElementById('minutes')?.dataset.verdict ?? null"


def files(stage, tab, readable, names, title):
    """Saves the minutes in both forms and checks them without any network."""
    tab.press("#minutes")
    tab.part("dialog input[name=texts]")
    tab.press("#texts-keys")
    tab.press("dialog button", "Save as a page")
    tab.says("was made")
    tab.press("dialog button", "Save as JSON Lines")
    tab.wait("the lines were made", lambda: ".jsonl” was made" in tab.words())
    name = re.search(r"“(minutes-\w+)\.jsonl”", tab.words()).group(1)
    page, lines = stage.downloaded(name + ".html"), stage.downloaded(name + ".jsonl")
    from . import chat
    chat.dismiss(tab)
    offline(stage, stage.downloads / (name + ".html"), readable, names, title)
    altered(stage, page.decode())
    dropped(stage, tab, stage.downloads / (name + ".jsonl"), lines.decode())
    by_program(stage, [stage.downloads / (name + end) for end in (".html", ".jsonl")])


def reader(stage):
    """A browser without any network, in which files of the disk are opened."""
    tab = stage.browser(arguments=["--host-resolver-rules=MAP * ~NOTFOUND",
                                   "--proxy-server=http://127.0.0.1:9"])
    tab.command("Network.enable")
    tab.command("Network.emulateNetworkConditions", offline=True, latency=0,
                downloadThroughput=0, uploadThroughput=0)
    return tab


def verdict(tab, file):
    tab.go("file://%s" % file)
    return tab.wait("the file says what it found", lambda: tab.run(OPENED), 20)


def offline(stage, file, readable, names, title):
    """The file opens without a network, verifies itself and shows what was said."""
    tab = stage.reader = reader(stage)
    tab.go("about:blank").listen()
    tab.requests = []
    need(verdict(tab, file) == "complete", "minutes on disk prove themselves complete")
    words = tab.words()
    for text in [*readable, *names, title]:
        need(text in words, "the minutes show “%s”" % text, words[:2_000])
    tab.listen()
    asked = [message["params"]["request"]["url"] for message in tab.requests
             if message["method"] == "Network.requestWillBeSent"]
    need(asked and all(url.startswith(("file:", "about:", "data:")) for url in asked),
         "the file asks nobody", asked)
    tab.need_no_complaint()
    stage.picture(tab, "minutes-offline")


def altered(stage, page):
    """Each record changed or left out is noticed by the file itself."""
    lines = page.split("\n")
    records = [at for at, line in enumerate(lines) if line.startswith('{"record"')]
    file = stage.downloads / "altered.html"
    for at in (records[1], records[len(records) // 2], records[-1]):
        document = json.loads(lines[at])
        envelope = bytearray(base64.b64decode(document["record"]["envelope"]))
        envelope[100] ^= 1
        document["record"]["envelope"] = base64.b64encode(envelope).decode()
        file.write_text("\n".join(lines[:at] + [json.dumps(document)] + lines[at + 1:]))
        need(verdict(stage.reader, file) == "refused", "a changed record is refused", at)
        file.write_text("\n".join(lines[:at] + lines[at + 1:]))
        need(verdict(stage.reader, file) == "refused", "a missing record is refused", at)


def dropped(stage, tab, file, lines):
    """The page for checking takes JSON Lines, and refuses them when a line is missing."""
    place = tab.beside()
    place.go(re.match(r"https?://[^/]+", tab.run("return location.href")).group() + "/verify")
    place.part(".zone")
    place.focus().find_element("id", "file").send_keys(str(file))
    place.says("These minutes are valid and proved complete")
    less = stage.downloads / "less.jsonl"
    kept = lines.split("\n")
    at = [number for number, line in enumerate(kept) if line.startswith('{"record"')][2]
    less.write_text("\n".join(kept[:at] + kept[at + 1:]))
    place.focus().find_element("id", "file").send_keys(str(less))
    place.says("not valid")
    place.close()


def by_program(stage, paths):
    """The command line gives the same verdict, where it has that command."""
    from localnet import Program
    program = Program(stage.binary, stage.folder)
    help_text = program.run("minutes", "verify", "--help", status=(0, 1, 2, 64))
    if "minutes verify" not in help_text:
        print("   SKIPPED: this phi-ledger has no “minutes verify”")
        return
    for path in paths:
        program.run("minutes", "verify", path)


# Secrets.

def forms(link):
    """How the secret of a link could be written: as it stands, in hex, in base64, as bytes."""
    fragment = link.split("#")[1]
    data = base64.urlsafe_b64decode(fragment + "=" * (-len(fragment) % 4))
    need(data[1] & 1, "the link has a secret")
    secret = data[2:34]
    found = {fragment.encode(), fragment[4:40].encode(), secret, secret.hex().encode(),
             secret.hex().upper().encode(), ",".join(map(str, secret)).encode()}
    for spelled in (base64.b64encode(secret), base64.urlsafe_b64encode(secret)):
        found |= {spelled, spelled.rstrip(b"=")}
    return found


def readings(text):
    """How a text could be found in bytes."""
    data = text.encode()
    found = {data, json.dumps(text)[1:-1].encode(), text.encode("utf-16-le")}
    for shift in range(3):
        spelled = base64.b64encode(b"\0" * shift + data)
        # The letters that depend on nothing but this text.
        inner = spelled[4 if shift else 0:len(spelled) // 4 * 4 - 4]
        if len(inner) >= 12:
            found.add(inner)
    return found


def nowhere(network, gates, tabs, plain, links):
    """Fails where a plaintext or a secret is in a node's folder or log, or went over the wire."""
    needles = {needle: "“%s”" % text for text in plain for needle in readings(text)}
    needles |= {needle: "the secret of a link" for link in links for needle in forms(link)}
    places = {}
    for node in network.nodes:
        for file in [node.log, *node.folder.rglob("*")]:
            if file.is_file():
                places["%s of %s" % (file.name, node.name)] = file.read_bytes()
    for number, gate in enumerate(gates):
        places["what node%d was asked" % (number + 1)] = gate.all_asked()
        places["what node%d answered" % (number + 1)] = gate.all_told()
    for number, tab in enumerate(tabs):
        tab.listen()
        asked = [message for message in tab.requests if message["method"] in (
            "Network.requestWillBeSent", "Network.requestWillBeSentExtraInfo",
            "Network.webSocketCreated", "Network.webSocketFrameSent",
            "Network.webSocketWillSendHandshakeRequest")]
        for message in asked:
            # The address bar's fragment is not sent; DevTools lists it apart.
            message["params"].get("request", {}).pop("urlFragment", None)
            message["params"].pop("documentURL", None)
            message["params"].pop("initiator", None)
        need(len(asked) > 10, "the browser's requests were looked at", len(asked))
        places["the requests of browser %d" % (number + 1)] = json.dumps(asked).encode()
    need(all(len(gate.all_asked()) > 10_000 for gate in gates), "the gateways saw the traffic")
    for place, data in places.items():
        for needle, what in needles.items():
            if needle in data:
                raise Failure("%s is in %s" % (what, place))
    return wait_until("the search was made", 1, lambda: len(places))
