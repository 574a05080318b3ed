"""A site: a folder with a ``rostra.toml``."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path, PurePath
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from rostra.errors import UsageError

SETTINGS = "rostra.toml"
LEDGER = "rostra.ledger"
AUTHORITY = r"^(([^\s@,:]+@)?[A-Za-z0-9.-]+,\d{4}(-\d\d){0,2}(:[A-Za-z0-9._~/-]+)?)?$"
"""A domain or an e-mail address, a day on which it was the publisher's, and what they want of their own."""
Table = TypeVar("Table", bound=Struct)
Language = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
"""A BCP 47 tag; browsers know no others."""


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``rostra.toml`` may say.  Every key but ``title`` may be left out."""

    title: str
    address: str = ""
    """Where the site will stand, e.g. ``https://example.org/debates/``; empty when not known yet."""
    authority: Annotated[str, Meta(pattern=AUTHORITY)] = ""
    """What lasting ids in feeds begin with, after RFC 4151: ``example.org,2026``."""
    description: str = ""
    language: Language = "en"
    publisher: str = ""
    licence: str = ""
    content: tuple[str, ...] = ("content",)
    output: str = "public"
    layouts: str = "layouts"
    publish_addresses: bool = False
    """Whether e-mail addresses that a dump holds are published."""
    posts_a_page: Annotated[int, msgspec.Meta(ge=10)] = 1000
    """Posts of a debate past which its page is split."""
    pseudonyms: bool = False
    """Whether every author has a pseudonym in what is published."""
    pseudonyms_keep: tuple[str, ...] = ()
    """Words that name nobody, though authors are called so: pseudonyms leave them as they are."""
    host: str = ""
    """Where it is published (``hosts``), so that limits are known; empty where that does not matter."""
    takes_over: tuple[str, ...] = ()
    """Domains that the archive stands at now, whose old addresses lead on."""


class Site(Struct, frozen=True, kw_only=True):
    """The settings and where they stand."""

    root: Path
    settings: Settings
    previewed: bool = False
    """Whether it is only looked at: with its drafts, in a folder of its own, and without a note of what was published."""

    @property
    def output(self) -> Path:
        """The folder that a build writes; of an output elsewhere, the copy here that is sent there when it is whole."""
        if self.previewed:
            return self.kept / "preview"
        return self.cache / "site" if is_elsewhere(self.settings.output) else folder_of(self.root, self.settings.output)

    @property
    def content(self) -> tuple[tuple[str, Path], ...]:
        """The folders to publish: how the settings call each, and where it lies; what is elsewhere, as a copy here."""
        return tuple((name, self._place(name)) for name in self.settings.content)

    def _place(self, name: str) -> Path:
        if not is_elsewhere(name):
            return folder_of(self.root, name)
        parts = urlsplit(name)
        path = f"{parts.scheme}/{parts.netloc.rpartition('@')[2]}/{parts.path}"
        return self.mirror.joinpath(*(part for part in path.split("/") if part.strip(".")))

    @property
    def has_mirror(self) -> bool:
        """Whether any of the content lies elsewhere."""
        return any(map(is_elsewhere, self.settings.content))

    @property
    def mirror(self) -> Path:
        """Where copies of content that lies elsewhere are: ``s3://bucket/a`` in ``s3/bucket/a``."""
        return self.kept / "remote"

    @property
    def ledger(self) -> Path:
        """What was published, and what each post is known by."""
        return self.root / LEDGER

    @property
    def kept(self) -> Path:
        """What Rostra keeps; may be deleted at any time."""
        return self.root / ".rostra"

    @property
    def store(self) -> Path:
        """The file of the store."""
        return self.cache / "editions.sqlite"

    @property
    def cache(self) -> Path:
        """Of that, what a build keeps for the next one: what was only previewed is nothing to those that count as published."""
        return self.kept / "previewed" if self.previewed else self.kept


def is_elsewhere(name: str) -> bool:
    """Whether the settings name a place by an address, and none on this machine's disk."""
    return "://" in name and urlsplit(name).scheme not in ("file", "local")


def folder_of(root: Path, name: str) -> Path:
    """The folder that the settings of a site in ``root`` name by a path, or by an address on this machine."""
    if "://" not in name:
        return root / name
    from urllib.request import url2pathname

    return root / url2pathname(urlsplit(name).path)


def load_site(root: Path, *, previewed: bool = False) -> Site:
    """The site in a folder; raises UsageError where there is none or its settings are wrong."""
    path = root / SETTINGS
    if not path.is_file():
        raise UsageError(
            "this folder is no site",
            path=str(path),
            hint="`rostra new FOLDER` makes one; `--site FOLDER` names another",
        )
    return Site(root=root.resolve(), settings=read_table(path, Settings, SETTINGS), previewed=previewed)


def read_table(path: Path, kind: type[Table], name: str) -> Table:
    """A TOML file as a type; raises UsageError at the line that is wrong, with the nearest key there is."""
    return table_of(as_text(path.read_bytes(), name), kind, name)


def as_text(content: bytes, name: str) -> str:
    """What a file of the site says, without a byte order mark and carriage returns; raises UsageError at the line that is not UTF-8."""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UsageError("not UTF-8", path=name, line=line, hint="save the file as UTF-8") from error


def table_of(text: str, kind: type[Table], name: str) -> Table:
    """TOML as a type; ``name`` is how messages call the file."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        raise UsageError(
            f"not TOML: {error}", path=name, line=int(found[1]) if found else 1, hint="see https://toml.io"
        ) from error
    known = {field.encode_name for field in msgspec.structs.fields(kind)}
    for key in table:
        if key not in known:
            raise UsageError(
                f"there is no setting {key!r}", path=name, line=_line(text, key), hint=suggestion(key, known)
            )
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        found = re.search(r"\$\.(\w+)", str(error)) or re.search(r"field `(\w+)`", str(error))
        raise UsageError(
            str(error),
            path=name,
            line=_line(text, found[1]) if found else 1,
            hint=f"the README lists what each setting of {PurePath(name).name} takes",
        ) from error


def suggestion(key: str, known: Any) -> str:
    """The nearest of the known names, or all of them."""
    import difflib

    near = difflib.get_close_matches(key, list(known), n=1)
    return f"did you mean {near[0]!r}?" if near else f"one of: {', '.join(sorted(known))}"


def _line(text: str, key: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"\s*\[*\s*\"?{re.escape(key)}\"?\s*[=\].]", line):
            return number
    return 1
