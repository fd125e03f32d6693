"""Finds places in Swift text where a small change makes another program, and compiles all at once.

Every mutant becomes a branch that is taken when its number is the one that the process was started
with: `a < b` becomes `a ∂ b`, where ∂ is an operator of this place that compares with <= when its
mutant is on. So hundreds of mutants need one build. Lines stay where they are, so that a compiler's
complaint about a place leads to its mutants.
"""
import collections
import re

# One change at one place: what it is, and where; its number is its index in the list of all.
Mutant = collections.namedtuple("Mutant", "file line column change text")

TOKEN = re.compile(r"""
    (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<string>\#*\"\"\".*?\"\"\"\#*|\#*"(?:\\.|[^"\\\n])*"\#*)
  | (?P<number>0x[0-9a-fA-F_]+|0b[01_]+|[0-9][0-9_]*(?:\.[0-9]+)?)
  | (?P<word>[\#@]?[A-Za-z_`][A-Za-z0-9_`]*|\$[0-9]+)
  | (?P<operator>\.\.\.|\.\.<|[-+*/%&|^<>=!~?]+)
  | (?P<mark>[^\s])
""", re.X | re.S)

PRECEDENCE = {
    "<": "Comparison", "<=": "Comparison", ">": "Comparison", ">=": "Comparison",
    "==": "Comparison", "!=": "Comparison",
    "+": "Addition", "-": "Addition", "&+": "Addition", "&-": "Addition", "|": "Addition",
    "^": "Addition", "*": "Multiplication", "/": "Multiplication", "%": "Multiplication",
    "&": "Multiplication", "<<": "BitwiseShift", ">>": "BitwiseShift",
    "&&": "LogicalConjunction", "||": "LogicalDisjunction",
    "..<": "RangeFormation", "...": "RangeFormation",
    "+=": "Assignment", "-=": "Assignment", "|=": "Assignment",
}
OTHERS = {
    "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"],
    "==": ["!="], "!=": ["=="], "+": ["-"], "-": ["+", "swapped"], "&+": ["&-"], "&-": ["&+"],
    "|": ["&"], "^": ["|"], "*": ["/"], "/": ["*"], "%": ["/"], "&": ["|"], "<<": [">>"],
    ">>": ["<<"], "&&": ["||"], "||": ["&&"], "..<": ["..."], "...": ["..<"],
    "+=": ["-="], "-=": ["+="], "|=": ["&="],
}
# What only makes a program faster, or says what its author did wrong.
INERT = {"precondition", "preconditionFailure", "assert", "reserveCapacity", "ERR_clear_error"}
# Words that begin what is no statement of its own.
NO_STATEMENT = {
    "let", "var", "func", "init", "return", "throw", "guard", "if", "else", "for", "while", "do",
    "switch", "case", "default", "break", "continue", "struct", "enum", "extension", "import",
    "public", "private", "package", "static", "mutating", "defer", "repeat", "catch", "protocol",
    "typealias", "subscript", "where", "in", "internal", "fileprivate", "indirect", "final", "get",
    "set", "is", "as", "precedencegroup", "infix", "prefix", "deinit", "nonmutating", "class",
    "consuming", "borrowing", "fallthrough", "some", "any",
}
OPENING, CLOSING = "([{", ")]}"


class Token:
    """A piece of the text; `depth` counts the brackets around it."""

    def __init__(self, kind, text, start, depth):
        self.kind, self.text, self.start, self.depth = kind, text, start, depth
        self.end = start + len(text)
        self.inert = False


def tokens(source):
    found, depth = [], 0
    for match in TOKEN.finditer(source):
        kind = match.lastgroup
        if kind == "comment":
            continue
        text = match.group()
        if text in CLOSING:
            depth -= 1
        found.append(Token(kind, text, match.start(), depth))
        if text in OPENING:
            depth += 1
    silence(found)
    return found


def silence(found):
    """Marks what is not to be changed: attributes, enum cases with values, inert calls."""
    for place, token in enumerate(found):
        if token.text == "true" and place and found[place - 1].text == "while":
            token.inert = True
        if token.text == "case":
            # A pattern of Booleans may make a switch exhaustive.
            for inner in found[place + 1:]:
                if inner.text in (":", "{") and inner.depth == token.depth:
                    break
                inner.inert = inner.inert or inner.text in ("true", "false")
        following = found[place + 1].text if place + 1 < len(found) else ""
        if token.text in INERT and following == "(":
            for inner in found[place:closing(found, place + 1) + 1]:
                inner.inert = True
        elif token.text.startswith("@") and following == "(":
            for inner in found[place:closing(found, place + 1) + 1]:
                inner.inert = True
        elif token.text == "case" and place + 3 < len(found) and found[place + 2].text == "=" \
                and found[place + 3].kind == "number":
            found[place + 3].inert = True
        elif token.text.startswith("#"):
            token.inert = True


def closing(found, place):
    """The index of the bracket that closes the one at a place."""
    depth = found[place].depth
    for index in range(place + 1, len(found)):
        if found[index].depth == depth and found[index].text in CLOSING:
            return index
    return len(found) - 1


class Site:
    """A place that is written anew: a token replaced, or brackets put around a stretch."""

    def __init__(self, file, start, end, changes, kind, text):
        self.file, self.start, self.end = file, start, end
        self.changes, self.kind, self.text = changes, kind, text
        self.first = None


def literal_changes(text):
    digits = text.replace("_", "")
    value = int(digits, 0) if not re.match(r"0[0-9]", digits) else int(digits)
    isMask = value > 1 and value & (value + 1) == 0 and text.startswith("0x") \
        and len(digits) - 2 in (2, 4, 8, 16)
    changes = [] if isMask else [str(value + 1)]
    return changes + ([str(value - 1)] if value > 0 else [])


def operator_sites(file, source, found):
    for place, token in enumerate(found):
        if token.inert or place == 0 or place + 1 == len(found):
            continue
        before, after = source[token.start - 1], source[token.end:token.end + 1]
        isBinary = (before in " \n") == (after in " \n") and before != "("
        if token.kind == "operator" and token.text in OTHERS:
            outer = found[place - 1].text in "[(,:{=" or found[place + 1].text in ")],}"
            isType = found[place - 1].text[0].isupper() and found[place + 1].text[0].isupper()
            if isBinary and not outer and not isType and found[place - 1].text != "func" and (
                    before == " " or token.text in ("..<", "...")) \
                    and after not in ",)":
                yield Site(file, token.start, token.end, OTHERS[token.text], "operator",
                           token.text)
        elif token.kind == "operator" and token.text == "!" and before in " (" and after not in " =":
            yield Site(file, token.start, token.end, ["left out"], "not", "!")
        elif token.kind == "number" and "." not in token.text and found[place - 1].text != ".":
            yield Site(file, token.start, token.end, literal_changes(token.text), "literal",
                       token.text)
        elif token.text in ("true", "false"):
            yield Site(file, token.start, token.end,
                       ["false" if token.text == "true" else "true"], "bool", token.text)
        elif token.text in ("min", "max") and found[place + 1].text == "(" \
                and found[place - 1].text not in (".", "func"):
            yield Site(file, token.start, found[place + 1].end,
                       ["max" if token.text == "min" else "min"], "bound", token.text)


def condition_sites(file, source, found):
    """Each Boolean clause of a guard, an if or a while: turned round, or not asked at all."""
    for place, token in enumerate(found):
        if token.text not in ("guard", "if", "while") or token.kind != "word":
            continue
        clauses, start, index = [], place + 1, place + 1
        while index < len(found):
            here = found[index]
            if here.depth == token.depth and here.text in (",", "{", "else"):
                clauses.append((start, index))
                start = index + 1
                if here.text != ",":
                    break
            index += 1
        isGuard = token.text == "guard"
        if found[place - 1].text == "}" and token.text == "while":
            # The end of a repeat: its condition ends with its line.
            end = source.index("\n", token.start)
            last = max(i for i in range(place, len(found)) if found[i].start < end)
            clauses = [(place + 1, last + 1)]
        for first, last in clauses:
            if first >= last or found[first].text in ("let", "var", "case", "#available") \
                    or any(t.inert for t in found[first:last]):
                continue
            leaves = isGuard or (index + 1 < len(found) and found[index].text == "{"
                                 and found[index + 1].text in ("throw", "return"))
            changes = ["negated"] + (["always true" if isGuard else "always false"]
                                     if leaves else [])
            yield Site(file, found[first].start, found[last - 1].end, changes,
                       "guard" if isGuard else "if", "")


def initializers(found):
    """The places of all tokens inside the bodies of initializers."""
    inside = set()
    for place, token in enumerate(found[:-1]):
        if token.text == "init" and found[place - 1].text != "." \
                and found[place + 1].text in ("(", "?", "<"):
            body = next((i for i in range(place, len(found))
                         if found[i].text == "{" and found[i].depth == token.depth), None)
            if body is not None:
                inside.update(range(body, closing(found, body)))
    return inside


def isResult(found, brace):
    """Whether the only expression of a body is what the body gives."""
    for place in range(brace - 1, -1, -1):
        token = found[place]
        if token.depth == found[brace].depth:
            if token.text in ("if", "for", "while", "guard", "else", "do", "defer", "catch", "set"):
                return False
            if token.text == "func":
                return any(t.text == "->" for t in found[place:brace])
        if token.depth < found[brace].depth or token.text in ("var", "get", "subscript", "}"):
            return True
    return True


def statement_sites(file, source, found):
    """Calls and assignments that stand alone: left out."""
    inside = initializers(found)
    for place in range(1, len(found) - 1):
        token, before = found[place], found[place - 1]
        if token.inert or token.kind != "word" or token.text in NO_STATEMENT \
                or token.text[0] in "@#" or before.kind == "operator":
            continue
        gap = source[before.end:token.start]
        if "\n" not in gap or before.text in (",", "(", "[", ":", ".") \
                or before.text in NO_STATEMENT - {"break", "continue", "return", "fallthrough"}:
            continue
        last = place
        while last + 1 < len(found):
            following = found[last + 1]
            between = source[found[last].end:following.start]
            if following.depth < token.depth or (
                    following.depth == token.depth and "\n" in between
                    and following.text not in (".", ")", "]", "}")
                    and following.kind != "operator"):
                break
            last += 1
        words = [t for t in found[place:last + 1] if t.depth == token.depth]
        isAssignment = any(t.text in ("=", "+=", "-=", "|=") for t in words)
        isCall = token.text == "try" or (
            found[last].text == ")" and any(t.text == "(" for t in words)
            and any(t.text == "." for t in words[:2]))
        if place in inside and (isAssignment or any(t.text == "init" for t in words)):
            # Everything must have a value in the end.
            continue
        if before.text == "{" and last + 1 < len(found) and found[last + 1].text == "}" \
                and isResult(found, place - 1):
            continue
        if (isAssignment or isCall) and source[token.start:found[last].end].count("\n") < 12:
            yield Site(file, token.start, found[last].end, ["left out"], "statement", "")


def sites(file, source):
    found = tokens(source)
    for make in (operator_sites, condition_sites, statement_sites):
        yield from (site for site in make(file, source, found) if site.changes)


def describe(site, change, source):
    """A mutant as people and the list of equivalent ones name it."""
    line = source.count("\n", 0, site.start) + 1
    column = site.start - source.rfind("\n", 0, site.start)
    if site.kind == "statement":
        what = "statement left out"
    elif site.kind in ("guard", "if"):
        what = "condition " + change
    elif change == "swapped":
        what = "operands of %s swapped" % site.text
    elif change == "left out":
        what = "%s left out" % site.text
    else:
        what = "%s -> %s" % (site.text, change)
    return Mutant(site.file, line, column, what, source.split("\n")[line - 1].strip())


def symbol(number):
    """An operator that no program has."""
    return chr(0x2200 + number % 256) + chr(0x2190 + number // 256)


def chosen(numbers, changed, original):
    """An expression that is one of the changed ones while its mutant is on."""
    return "".join("phi_mutant(%d) ? (%s) : " % pair for pair in zip(numbers, changed)) \
        + "(%s)" % original


def operator_support(site, name):
    numbers = range(site.first, site.first + len(site.changes))
    group = PRECEDENCE[site.text]

    def body(left="a", right="b"):
        return chosen(numbers, [
            "%s %s %s" % ((right, "-", left) if change == "swapped" else (left, change, right))
            for change in site.changes], "%s %s %s" % (left, site.text, right))

    def function(generic, parameters, result, where=""):
        return "fileprivate func %s %s(%s)%s { %s }" % (
            name, generic, parameters, result, where or body())
    lines = ["infix operator %s: %sPrecedence" % (name, group)]
    if group == "Comparison":
        bound = "Equatable" if site.text in ("==", "!=") else "Comparable"
        lines.append(function("<T: %s>" % bound, "_ a: T, _ b: T", " -> Bool"))
        lines.append("@_disfavoredOverload " + function(
            "<T: BinaryInteger, U: BinaryInteger>", "_ a: T, _ b: U", " -> Bool"))
    elif group.startswith("Logical"):
        lines.append("fileprivate func %s(_ a: Bool, _ b: @autoclosure () throws -> Bool) rethrows "
                     "-> Bool { %s }" % (name, chosen(
                         numbers, ["try a %s b()" % other for other in site.changes],
                         "try a %s b()" % site.text).replace("try a && b()", "a ? try b() : false")
                         .replace("try a || b()", "a ? true : try b()")))
    elif group == "RangeFormation":
        other = "Range(a...b)" if site.text == "..<" else "a...(b - 1)"
        result = "Range" if site.text == "..<" else "ClosedRange"
        lines.append("fileprivate func %s<T: Strideable>(_ a: T, _ b: T) -> %s<T> where T.Stride: "
                     "SignedInteger, T: BinaryInteger { %s }" % (name, result, chosen(
                         numbers, [other], "a %s b" % site.text)))
    elif group == "Assignment":
        statement = "phi_mutant(%d) ? (a %s b) : (a %s b)" % (
            site.first, site.changes[0], site.text)
        bound = "BinaryInteger" if site.text == "|=" else "AdditiveArithmetic"
        lines.append(function("<T: %s>" % bound, "_ a: inout T, _ b: T", "", statement))
        if site.text == "+=":
            lines.append(function(
                "<C: RangeReplaceableCollection, S: Sequence>", "_ a: inout C, _ b: S",
                " where S.Element == C.Element",
                "if !phi_mutant(%d) { a += b }" % site.first))
    elif group == "BitwiseShift":
        lines.append(function("<T: BinaryInteger, U: BinaryInteger>", "_ a: T, _ b: U", " -> T"))
    else:
        bound = "AdditiveArithmetic" if site.text in "+-" else \
            "FixedWidthInteger" if site.text in ("&+", "&-") else "BinaryInteger"
        lines.append(function("<T: %s>" % bound, "_ a: T, _ b: T", " -> T"))
        if site.text == "+":
            lines.append(function(
                "<C: RangeReplaceableCollection, S: Sequence>", "_ a: C, _ b: S",
                " -> C where S.Element == C.Element",
                "phi_mutant(%d) ? a : a + b" % site.first))
    return lines


COMMON = [
    "fileprivate func phiLiteral<T>(_ first: Int32, _ values: T...) -> T { "
    "for index in 1..<values.count where phi_mutant(first + Int32(index) - 1) "
    "{ return values[index] }; return values[0] }",
    "fileprivate func phiGuard(_ first: Int32, _ value: Bool) -> Bool { "
    "phi_mutant(first) ? !value : phi_mutant(first + 1) ? true : value }",
    "fileprivate func phiIf(_ first: Int32, _ value: Bool) -> Bool { "
    "phi_mutant(first) ? !value : phi_mutant(first + 1) ? false : value }",
    "fileprivate func phiNegated(_ first: Int32, _ value: Bool) -> Bool { "
    "phi_mutant(first) ? !value : value }",
    "fileprivate func phi_min<T: Comparable>(_ n: Int32, _ a: T, _ b: T) -> T { "
    "phi_mutant(n) ? max(a, b) : min(a, b) }",
    "fileprivate func phi_max<T: Comparable>(_ n: Int32, _ a: T, _ b: T) -> T { "
    "phi_mutant(n) ? min(a, b) : max(a, b) }",
]


def rewrite(source, places):
    """The text with all its mutants in it, and for each added line the site that it serves."""
    edits, support, owners = [], list(COMMON), [None] * len(COMMON)

    def add(lines, site):
        support.extend(lines)
        owners.extend([site] * len(lines))
    for site in places:
        number = site.first
        if site.kind == "operator":
            name = symbol(number)
            # The compiler wants the same spaces on both sides.
            edits.append((site.start, 1, 0, site.end, " %s " % name))
            add(operator_support(site, name), site)
        elif site.kind == "not":
            name = symbol(number)
            edits.append((site.start, 1, 0, site.end, name))
            add(["prefix operator " + name, "fileprivate prefix func %s(_ a: Bool) -> Bool { "
                 "phi_mutant(%d) ? a : !a }" % (name, number)], site)
        elif site.kind in ("literal", "bool"):
            edits.append((site.start, 1, 0, site.end, "phiLiteral(%d, %s)" % (
                number, ", ".join([site.text, *site.changes]))))
        elif site.kind == "bound":
            edits.append((site.start, 1, 0, site.end, "phi_%s(%d, " % (site.text, number)))
        else:
            opening = {"guard": "phiGuard(%d, ", "if": "phiIf(%d, ",
                       "statement": "if !phi_mutant(%d) { "}[site.kind] % number
            if site.kind == "if" and len(site.changes) == 1:
                opening = "phiNegated(%d, " % number
            size = site.end - site.start
            edits.append((site.start, 0, -size, site.start, opening))
            edits.append((site.end, -1, size, site.end, " }" if site.kind == "statement" else ")"))
    edits.sort(key=lambda edit: edit[:3])
    parts, at = [], 0
    for start, _, _, end, text in edits:
        parts.append(source[at:start])
        parts.append(text)
        at = end
    text = "".join(parts) + source[at:]
    # What is inlined into other modules cannot see what is added here.
    text = re.sub(r"@(inlinable|usableFromInline|frozen)\b", "", text).rstrip("\n")
    return text + "\nimport CMutants\n" + "\n".join(support) + "\n", owners
