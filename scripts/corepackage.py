"""A package of the core alone, cut out of Package.swift, which builds without any dependency.

Programs that build the core and its tests in a special way (with coverage, with mutants) do it
there: a full build takes minutes, the core's takes one.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORE = ["PhiCrypto", "PhiLedger", "PhiWire", "PhiConsensus", "PhiChain", "PhiMeetings", "PhiNode"]
NAME = "phi-core"


def manifest_targets():
    """The targets of Package.swift as SwiftPM understands them, by name."""
    with tempfile.TemporaryDirectory() as scratch:
        # A folder of its own, so that this does not wait for a build that is running.
        dump = subprocess.run(["swift", "package", "--scratch-path", scratch, "dump-package"],
                              cwd=ROOT, capture_output=True, text=True, check=False)
    if dump.returncode != 0:
        sys.exit("Package.swift cannot be read:\n" + dump.stderr)
    return {target["name"]: target for target in json.loads(dump.stdout)["targets"]}


def dependencies(target):
    """The names of a target's targets, or None where it needs another package."""
    names = []
    for dependency in target["dependencies"]:
        kind = next(iter(dependency))
        if kind == "product":
            return None
        names.append(dependency[kind][0])
    return names


def place(target):
    """A target's folder, inside the repository."""
    return target.get("path") or "%s/%s" % (
        "Tests" if target["type"] == "test" else "Sources", target["name"])


def chosen(cores):
    """The given core targets, what they need, and the tests that need nothing else."""
    targets = manifest_targets()
    wanted, tests = {}, {}

    def take(name):
        if name not in wanted:
            wanted[name] = targets[name]
            for other in dependencies(targets[name]) or []:
                take(other)
    for name in cores:
        take(name)
        tests[name + "Tests"] = targets[name + "Tests"]
    for test in tests.values():
        for name in dependencies(test):
            take(name)
    return {**wanted, **tests}


def declaration(target, settings, extra):
    if target["type"] == "system":
        return '.systemLibrary(name: "%s"),' % target["name"]
    kind = "testTarget" if target["type"] == "test" else "target"
    parts = ['name: "%s"' % target["name"]]
    names = dependencies(target) + [name for name in extra if target["name"].startswith("Phi")]
    if names:
        parts.append("dependencies: [%s]" % ", ".join('"%s"' % name for name in names))
    if target.get("path"):
        parts.append('path: "%s"' % target["path"])
    if target["name"].startswith("Phi"):
        parts.append("swiftSettings: " + settings)
    return ".%s(%s)," % (kind, ", ".join(parts))


def write(folder, cores=None, copy=(), extra=()):
    """Makes the package of links to the sources, and returns its targets by name.

    Targets with a file in `copy` become folders of links in which the caller writes that file;
    the targets of `extra` are the caller's own, and all others may use them.
    """
    targets = chosen(cores or CORE)
    source = (ROOT / "Package.swift").read_text()
    settings = re.search(r"let strict: \[SwiftSetting\] = \[.*?\n\]\n", source, re.S).group(0)
    if copy:
        # A changed source makes warnings that say nothing about the source.
        settings = re.sub(r"\n[^\n]*(treatAllWarnings|strictMemorySafety)[^\n]*", "", settings)
    text = "// swift-tools-version: 6.3\nimport PackageDescription\n\n%s\nlet package = Package(\n" \
           '    name: "%s",\n    platforms: [.macOS(.v15)],\n    targets: [\n' % (settings, NAME)
    for name in extra:
        text += '        .target(name: "%s"),\n' % name
    for target in targets.values():
        text += "        " + declaration(target, "strict", extra) + "\n"
    text += "    ]\n)\n"
    folder.mkdir(parents=True, exist_ok=True)
    put(folder / "Package.swift", text)
    for name in ("docs", "scripts", "genesis"):
        link(ROOT / name, folder / name)
    # Tests look for the folder of vectors beside the package.
    link(ROOT.parent / "shared", folder.parent / "shared")
    for target in targets.values():
        inside = place(target)
        (folder / inside).parent.mkdir(parents=True, exist_ok=True)
        if any(path.startswith(inside + "/") for path in copy):
            mirror(folder, inside, set(copy))
        else:
            link(ROOT / inside, folder / inside)
    return targets


def mirror(folder, inside, copy):
    """A folder of links to all files but some."""
    for path in (ROOT / inside).rglob("*"):
        own = path.relative_to(ROOT)
        if path.is_file() and str(own) not in copy:
            (folder / own).parent.mkdir(parents=True, exist_ok=True)
            link(path, folder / own)
    for path in (folder / inside).rglob("*"):
        # What was removed from the sources since.
        if not path.is_dir() and not (ROOT / path.relative_to(folder)).exists():
            path.unlink()


def put(path, text):
    """Writes a file unless it says so already."""
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def link(real, path):
    if path.is_symlink():
        if os.readlink(path) == str(real):
            return
        path.unlink()
    if real.exists():
        path.symlink_to(real)
