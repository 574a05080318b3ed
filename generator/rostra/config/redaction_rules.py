"""The publisher's redaction rules: a post, a passage, a person or an address.

The rules are in ``redactions.toml`` beside the settings::

    [[redact]]
    person = "Zeus"                  # their posts, their name anywhere, and quotations of their words
    also = ["zeus_the_thunderer"]    # other names of the same person

    [[redact]]
    post = "p-13"                    # a post, and its words wherever they are quoted
    thread = "well"
    passage = "my daughter's school" # only these words of the post

    [[redact]]
    address = "12 Mill Lane"         # any text: an e-mail address, a telephone number, a street

    [[redact]]
    file = "2c26b46b68ffc68f…"       # a picture or file, by the digest in its address, wherever it is shown
"""

from __future__ import annotations

import json
import re
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Literal, NamedTuple

from msgspec import Struct

from rostra.config.site import Site
from rostra.config.toml_tables import TomlFile, decode_toml, read_table
from rostra.errors import UsageError
from rostra.system.lazy_regex import late

RULES = "redactions.toml"
HEADER = late(r"\s*\[\[\s*redact\s*\]\]\s*(?:#.*)?")
DIGEST = late(r"[0-9a-f]{64}")
REMARK = late(r"\s*(?:#.*)?")


class RedactionRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A redaction rule; its ``reason`` is published where something is redacted."""

    person: str | None = None
    also: tuple[str, ...] = ()
    address: str | None = None
    post: str | None = None
    thread: str | None = None
    passage: str | None = None
    file: str | None = None
    reason: str | None = None

    @property
    def stamp(self) -> str:
        """Return what distinguishes it from other rules, whatever other names the person has."""
        said = (self.person, self.address, self.post, self.thread, self.passage, *filter(None, (self.file,)))
        return sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()

    def __str__(self) -> str:
        if self.file:
            return f"the file {self.file[:12]}…"
        said = ", ".join(filter(None, (self.person, self.address, *self.also)))
        where = f"{self.thread}#{self.post}" if self.thread else self.post
        if self.post:
            return f"“{self.passage}” in {where}" if self.passage else f"the post {where}"
        return f"the person {said}" if self.person else f"the address {said}"


class Learnt(NamedTuple):
    """A text of a dump hidden by the rule with this stamp: a post's words, its title, or a quotation in it with an unknown source.

    ``moment`` is when that post was written; empty if unknown.  A name with a pseudonym has no rule.
    """

    rule: str
    kind: Literal["text", "title", "open", "name"]
    text: str
    moment: str


class Rules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Return the path of the rules file."""

    redact: tuple[RedactionRule, ...] = ()


def read_rules(site: Site) -> tuple[RedactionRule, ...]:
    """Return the rules of a site; raise UsageError if the file is invalid, so that nothing is published by mistake."""
    path = site.root / RULES
    if not path.is_file():
        return ()
    rules = read_table(path, Rules, RULES).redact
    for rule in rules:
        validate_rule(rule)
    return rules


def rule_lines(site: Site, many: int) -> tuple[int | None, ...]:
    """Return the line where each of ``many`` rules begins; None for all if that is ambiguous."""
    lines = decode_toml((site.root / RULES).read_bytes(), RULES).split("\n")
    found = [number for number, line in enumerate(lines, 1) if HEADER.fullmatch(line)]
    return tuple(found) if len(found) == many else (None,) * many


def validate_rule(rule: RedactionRule) -> None:
    """Raise UsageError if a rule does not name exactly one thing."""
    said = [rule.person, rule.address, rule.post, rule.file]
    if sum(each is not None for each in said) != 1 or not any(each and each.strip() for each in said):
        raise UsageError(
            "a rule names no person, address, post or file, or several", path=RULES, hint="one rule for each"
        )
    if rule.file is not None and not DIGEST.fullmatch(rule.file):
        hint = "write the 64 digits of its address: media/ab/abcd….jpg"
        raise UsageError(f"{rule.file[:80]!r} is no digest of a file", path=RULES, hint=hint)
    if rule.passage is not None and rule.post is None:
        raise UsageError("a passage needs its `post`", path=RULES, hint="add `post` and `thread`")
    if (rule.passage is not None and not rule.passage.strip()) or not all(each.strip() for each in rule.also):
        raise UsageError("a passage or another name is empty", path=RULES, hint="give a value, or remove the key")


def post_at(site: Site, where: str) -> tuple[str, str]:
    """Return the debate and post of an address; raise UsageError if the built site has no such post."""
    found = re.search(r"(?:^|debates/)([a-z0-9-]+)(?:/index\.html|/)?#(p-[a-z0-9-]+)$", where)
    if not found:
        raise UsageError(f"{where!r} is not a post", hint="write DEBATE#p-…, or the post's address")
    page = site.output / "debates" / found[1] / "index.html"
    if not page.is_file() or f' id="{found[2]}"' not in page.read_text(encoding="utf-8"):
        raise UsageError(
            f"there is no post {found[2]} in {found[1]!r}", hint="build the site first, and give the post as DEBATE#p-…"
        )
    return found[1], found[2]


def file_at(site: Site, where: str) -> str:
    """Return the digest of a file of the built site, by its address, or of a file on this machine; raise UsageError."""
    found = re.search(r"(?:^|/)media/[0-9a-f]{2}/([0-9a-f]{64})(?:-\d+)?\.[a-z0-9]+$", where)
    if found and list((site.output / "media" / found[1][:2]).glob(f"{found[1]}.*")):
        return found[1]
    path = Path(where)
    if found or not path.is_file():
        hint = "build the site first, and give the file by its address, or the original file by its path"
        raise UsageError(f"there is no file {where!r}", hint=hint)
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def append_rule(root: Path, rule: RedactionRule) -> Path:
    """Append a rule to the file; raise UsageError if it names nothing, or more than one thing."""
    validate_rule(rule)
    path = root / RULES
    # A JSON string is a TOML string too, since its control characters are escaped.
    said = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}"
        for name in ("person", "also", "address", "post", "thread", "passage", "file", "reason")
        if (value := getattr(rule, name))
    ]
    if path.is_file():
        # If the file is invalid already, this reports it, and nothing is appended.
        read_table(path, Rules, RULES)
    before = path.read_text(encoding="utf-8").rstrip("\n") + "\n\n" if path.is_file() else ""
    path.write_text(before + "[[redact]]\n" + "\n".join(said) + "\n", encoding="utf-8")
    return path


def remove_rule(site: Site, number: int) -> RedactionRule:
    """Remove a rule from the file, keep everything else, and return the rule; raise UsageError if no rule has that number.

    The file is deleted with its last rule, unless it has other content.
    """
    rules = read_rules(site)
    if not 1 <= number <= len(rules):
        raise UsageError(f"there is no rule {number}", path=RULES, hint="`rostra redact --list` numbers them")
    path, line = site.root / RULES, rule_lines(site, len(rules))[number - 1]
    text = _without(decode_toml(path.read_bytes(), RULES).split("\n"), line - 1) if line else None
    try:
        left = TomlFile(RULES, text or "").table(Rules).redact
    except UsageError:
        left = rules
    if text is None or left != rules[: number - 1] + rules[number:]:
        raise UsageError("the lines of this rule cannot be identified", path=RULES, line=line, hint="delete it by hand")
    if text:
        path.write_text(text, encoding="utf-8")
    else:
        path.unlink()
    return rules[number - 1]


def _without(lines: list[str], start: int) -> str:
    """Return a file's text without the rule that begins at a line."""
    end = start
    for n in range(start + 1, len(lines)):
        if lines[n].lstrip().startswith("["):
            break
        # Comments before the next rule belong to that rule.
        end = end if REMARK.fullmatch(lines[n]) else n
    before, after = ("\n".join(part).strip("\n") for part in (lines[:start], lines[end + 1 :]))
    return "\n".join(f"{part}\n" for part in (before, after) if part)
