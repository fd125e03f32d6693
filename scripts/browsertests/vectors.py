"""The page's code beside that of others: the repository's vectors, and receipts changed at random."""
import collections
import concurrent.futures
import importlib.machinery
import importlib.util
import ipaddress
import json
import pathlib
import random
import re
import sys

from localnet import ROOT, Failure

from .stage import need

HERE = pathlib.Path(__file__).parent
VECTORS = ROOT / "docs" / "vectors" / "meetings.json"
PEERS = ROOT / "docs" / "vectors" / "peers.json"
COUNT = 10_000
BATCH = 500
SEED = 5
READ_PEERS = """const [{ peersOf }, { hex }] = await Promise.all(
        [import('/page/core/peers.js'), import('/page/core/bytes.js')]);
    return values[0].map((texts) => peersOf(texts).map(({ address, identity }) =>
        ({ address: hex(address), identity: hex(identity) })));"""
JUDGE = """const { judge } = await import('/page/export/judge.js');
    const found = [];
    for (const text of values[0]) {
      try {
        const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
        const { receipt } = await judge(bytes);
        found.push({ isValid: Boolean(receipt) });
      } catch (error) {
        found.push({ isValid: false, rule: error.rule ?? null, name: error.name });
      }
    }
    return found;"""


def play(stage):
    tab = stage.tab()
    tab.go(stage.gateway().url + "/verify")
    tab.part(".zone")
    # Lengths of padding that no browser would be given are long; the rest is as it is.
    count = tab.run_async((HERE / "vectors.js").read_text(), json.loads(VECTORS.read_text()))
    stage.done("%d values of docs/vectors/meetings.json, made anew in the browser", count)
    peers(stage, tab)
    receipts(stage, tab)
    tab.need_no_complaint()


def peers(stage, tab):
    """What nodes say of themselves becomes peers of a link: the page, the vectors, and a third."""
    document = json.loads(PEERS.read_text())
    samples = document["peers"]
    for sample in samples:
        need(peer_of(sample["text"]) == sample["peer"], "the vectors are right", sample)
    found = tab.run_async(READ_PEERS, [[sample["text"]] for sample in samples])
    for sample, answer in zip(samples, found):
        need(answer == [sample["peer"]] * (sample["peer"] is not None), sample["name"], answer)
    [first] = tab.run_async(READ_PEERS, [[sample["text"] for sample in samples]])
    callable_ones = [sample["peer"] for sample in samples if sample["peer"]]
    need(first == callable_ones[:document["limit"]], "the first of them are taken", first)
    stage.done("%d texts of docs/vectors/peers.json", len(samples))


def peer_of(text):
    """A peer as Python's own reader of addresses has it; None for what is no peer."""
    parts = re.fullmatch(r"([0-9a-f]{64})@(\[?)([^][%]+)(\]?):([0-9]{1,5})", text)
    if not parts or not 1 <= int(parts[5]) <= 65_535 or bool(parts[2]) != bool(parts[4]):
        return None
    try:
        host = ipaddress.ip_address(parts[3])
    except ValueError:
        return None
    if host.version == 4 and parts[2]:
        return None
    narrow = host if host.version == 4 else host.ipv4_mapped
    if int(narrow or host) == 0 or narrow is not None and int(narrow) == 0:
        return None
    address = b"\x04" + bytes(10) + b"\xff\xff" + narrow.packed if narrow else b"\x06" + host.packed
    return {"address": (address + int(parts[5]).to_bytes(2, "big")).hex(), "identity": parts[1]}


def differential():
    """The comparison with the reference program, from the script beside; none where it is absent."""
    path = ROOT / "scripts" / "reference-differential"
    loader = importlib.machinery.SourceFileLoader("reference_differential", str(path))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader("reference_differential", loader))
    loader.exec_module(module)
    return module if (module.SHARED / "reference" / "phi_verify.py").exists() else None


def remember(reference):
    """Has signatures checked once: most changed receipts have the same."""
    verify, verdicts = reference.verify, {}

    def check(*arguments):
        if arguments not in verdicts:
            try:
                verify(*arguments)
                verdicts[arguments] = None
            except Exception as error:
                verdicts[arguments] = error
        if verdicts[arguments] is not None:
            raise verdicts[arguments]
    reference.verify = check


def receipts(stage, tab):
    """Changed receipts get the verdict of the reference program, which shares no code."""
    module = differential()
    if module is None:
        print("   SKIPPED: the reference program is not beside the repository, no receipt was "
              "compared.", file=sys.stderr)
        return
    reference = module.Reference()
    remember(reference.module)
    chance = random.Random(SEED)
    names = sorted((module.SHARED / "vectors" / "phi").glob("**/*.phi"))
    samples = [name.read_text() for name in names]
    cases = [text.encode() for text in samples]
    cases += [module.mutation(samples, chance) for _ in range(COUNT)]
    tally = collections.Counter()
    parts = [cases[start:start + BATCH] for start in range(0, len(cases), BATCH)]
    # The browser judges one part while the reference program judges the one before.
    with concurrent.futures.ThreadPoolExecutor(1) as beside:
        asked = [beside.submit(tab.run_async, JUDGE, [module.text64(data) for data in part])
                 for part in parts]
        for part, answer in zip(parts, asked):
            for data, found in zip(part, answer.result()):
                tally[compared(stage, reference, data, found)] += 1
    need(tally["valid"] >= len(samples), "the samples are valid", tally)
    need(tally["refused"] > COUNT / 2, "most changes are refused", tally)
    stage.done("%d changed receipts: %d valid, %d refused, as the reference program says "
               "(%d bounds of the page's own, %d it gave up on)", len(cases), tally["valid"],
               tally["refused"], tally["bounded"], tally["unknown"])


def compared(stage, reference, data, found):
    """What both say of a receipt; a failure where they differ."""
    file = stage.folder / "receipt.phi"
    file.write_bytes(data)
    wanted, reason = reference.verdict(file)
    if found.get("name") not in (None, "PhiError"):
        raise Failure("the page stumbles over a receipt: %s" % found)
    if wanted is None:
        return "unknown"
    if wanted == found["isValid"]:
        return "valid" if wanted else "refused"
    if wanted and (reference.out_of_bounds or found["rule"] == "range"):
        return "bounded"
    raise Failure("the page says %s, the reference %s (%s) of this receipt:\n%s" % (
        found, wanted, reason, data[:4_000]))
