"""A site: a folder with a ``rostra.toml``."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from rostra.config.setting_values import wrong_address, wrong_authority, wrong_domain, wrong_language
from rostra.config.toml_tables import TomlFile
from rostra.errors import UsageError

SETTINGS = "rostra.toml"
LEDGER = "rostra.ledger"


Mebibytes = Annotated[int, msgspec.Meta(ge=1, le=2**30)]


class Limits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sizes, in MiB, past which what a dump holds is taken for an accident or an attack.

    A body or a mail message that is longer is cut, a line of JSON left out, and a problem says so; a dump that is
    larger fails.
    """

    post: Mebibytes = 4
    """The body of one post."""
    record: Mebibytes = 64
    """A line of JSON, or a mail message with all that is attached."""
    text: Mebibytes = 16
    """A file of text, HTML or wikitext, which is read whole."""
    json: Mebibytes = 256
    """A file of one JSON value, likewise."""
    unpacked: Mebibytes = 1024
    """What a compressed file holds; one that is large itself may hold a hundred times its size."""


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``rostra.toml`` may say.  Every key but ``title`` may be left out."""

    title: str
    address: str = ""
    """Where the site will stand, e.g. ``https://example.org/debates/``; empty when not known yet."""
    authority: str = ""
    """What lasting ids in feeds begin with, after RFC 4151: ``example.org,2026``."""
    description: str = ""
    language: str = "en"
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
    limits: Limits = Limits()
    """Sizes that a dump may have."""


class Site(Struct, frozen=True, kw_only=True):
    """The settings and where they stand."""

    root: Path
    settings: Settings
    previewed: bool = False
    """Whether it is only looked at: with its drafts, in a folder of its own, and without a note of what was published."""
    locked: bool = False
    """Whether a build fails rather than note anything in the ledger, as on a machine that would not keep it."""

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


def load_site(root: Path, *, previewed: bool = False, locked: bool = False) -> Site:
    """The site in a folder; raises UsageError where there is none or its settings are wrong.

    The output must be a folder of its own: it may not be, hold or lie in a folder that is read or that Rostra keeps, and
    not be or hold the site's folder or the user's home, by whatever name or link.
    """
    path = root / SETTINGS
    if not path.is_file():
        raise UsageError(
            "this folder is no site",
            path=str(path),
            hint="`rostra new FOLDER` makes one; `--site FOLDER` names another",
        )
    settings = read_settings(path)
    site = Site(root=root.resolve(), settings=settings, previewed=previewed, locked=locked)
    if not is_elsewhere(site.settings.output):
        _refuse_shared_output(site, path)
    return site


def _refuse_shared_output(site: Site, settings: Path) -> None:
    """Raises UsageError where files would be written among others: what is read, what is kept, or a whole home."""
    output = folder_of(site.root, site.settings.output)
    read = {f"the content folder {name!r}": folder for name, folder in site.content}
    read |= {"the layouts folder": site.root / site.settings.layouts, "what Rostra keeps": site.kept}
    around = {"the folder of the site": site.root, "the whole disk": Path(output.anchor)}
    with suppress(RuntimeError):
        around["your home folder"] = Path.home()
    own, *above = _places(output)
    places = {name: _places(folder) for name, folder in (around | read).items()}
    wrong = [f"is {name}" for name, (place, *_) in places.items() if place == own]
    wrong += [f"contains {name}" for name, (_, *holds) in places.items() if own in holds]
    wrong += [f"lies in {name}" for name, (place, *_) in places.items() if name in read and place in above]
    if wrong:
        message = f"the output folder {site.settings.output!r} {wrong[0]}"
        hint = "name a folder of its own as `output`: public, for instance"
        raise TomlFile.read(settings, SETTINGS).error(message, "output", hint=hint)


def _places(folder: Path) -> list[tuple[object, ...]]:
    """A folder and those that it lies in, the nearest first, each as the place on the disk that all its names share."""
    found: list[tuple[object, ...]] = []
    resolved = Path(os.path.realpath(folder))
    for each in (*reversed(resolved.parents), resolved):
        try:
            about = each.stat()
        except OSError:
            # Nobody can tell yet whether case makes a difference there.
            found.append((*found[-1], each.name.casefold()))
        else:
            found.append((about.st_dev, about.st_ino))
    return found[::-1]


def read_settings(path: Path) -> Settings:
    """The settings of a file; raises UsageError at the line that is wrong."""
    file = TomlFile.read(path, SETTINGS)
    settings = file.table(Settings)
    for key, wrong, hint in (
        ("address", wrong_address, 'write it as "https://example.org/debates/"'),
        ("authority", wrong_authority, 'write a domain and a day on which it was yours: "example.org,2026-01-31"'),
        ("language", wrong_language, 'write it as "en" or "pt-BR"'),
    ):
        value = getattr(settings, key)
        if value and (said := wrong(value)):
            raise file.error(f"{key} {value!r} {said}", key, hint=hint)
    for number, domain in enumerate(settings.takes_over):
        if said := wrong_domain(domain):
            hint = 'name domains only: ["https://forum.example"]'
            raise file.error(f"takes_over {domain!r} {said}", "takes_over", number, hint=hint)
    return settings
