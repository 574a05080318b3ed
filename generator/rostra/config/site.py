"""A site: a folder with a ``rostra.toml``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from rostra.config.exclusions import Exclusion
from rostra.config.setting_values import (
    wrong_address,
    wrong_authority,
    wrong_domain,
    wrong_language,
    wrong_media,
)
from rostra.config.toml_tables import TomlFile
from rostra.errors import UsageError

SETTINGS = "rostra.toml"
LEDGER = "rostra.ledger"


Mebibytes = Annotated[int, msgspec.Meta(ge=1, le=2**30)]


class Limits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sizes in MiB above which the content of a dump is considered an accident or an attack.

    A longer body or mail message is cut, a longer line of JSON is left out, each with a problem; a larger dump
    fails.
    """

    post: Mebibytes = 4
    """The body of one post."""
    record: Mebibytes = 64
    """A line of JSON, or a mail message with its attachments."""
    text: Mebibytes = 16
    """A file of text, HTML or wikitext; it is read as a whole."""
    json: Mebibytes = 256
    """A file of one JSON value; it is read as a whole."""
    unpacked: Mebibytes = 1024
    """The content of a compressed file; a file that is itself large may contain a hundred times its size."""


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of ``rostra.toml``.  All keys except ``title`` are optional."""

    title: str
    address: str = ""
    """The address of the published site, e.g. ``https://example.org/debates/``; empty if not known yet."""
    authority: str = ""
    """The authority of permanent ids in feeds (RFC 4151): ``example.org,2026``."""
    description: str = ""
    language: str = "en"
    publisher: str = ""
    licence: str = ""
    content: tuple[str, ...] = ("content",)
    output: str = "public"
    layouts: str = "layouts"
    publish_addresses: bool = False
    """Whether to publish e-mail addresses of dumps."""
    posts_a_page: Annotated[int, msgspec.Meta(ge=10)] = 1000
    """The number of posts above which a debate's page is split."""
    pseudonyms: bool = False
    """Whether every author is published under a pseudonym."""
    pseudonyms_keep: tuple[str, ...] = ()
    """Words that name nobody, although authors have them as names: pseudonyms do not replace them."""
    host: str = ""
    """The host that publishes it (``hosts``), so that its limits are known; empty if that does not matter."""
    takes_over: tuple[str, ...] = ()
    """Domains that the archive replaces; their old addresses redirect to it."""
    leave_out: tuple[Exclusion, ...] = ()
    """Rules that leave out posts: spam, bounces."""
    extras: bool = False
    """Whether to write every file about each debate and person: feeds, citations and annotations also of short debates,
    a page for each person, however few posts they wrote."""
    join_dumps: bool = True
    """Whether a message may belong to a debate of another dump; else each dump is an archive of its own."""
    infer_replies: bool = True
    """Whether a message without references is joined to what it quotes, or to its subject."""
    limits: Limits = Limits()
    """Size limits of dumps."""
    media: dict[str, str] = {}
    """Where the publisher has what posts refer to: the beginning of addresses, and the folder or web archive for each."""


class Site(Struct, frozen=True, kw_only=True):
    """The settings and the folder they are in."""

    root: Path
    settings: Settings
    previewed: bool = False
    """Whether this is a preview: with drafts, in its own folder, and without recording anything as published."""
    locked: bool = False
    """Whether a build fails if it would change the ledger, for machines that would not keep the change."""

    @property
    def output(self) -> Path:
        """Return the folder that a build writes; for a remote output, the local copy that is uploaded when complete."""
        if self.previewed:
            return self.kept / "preview"
        return self.cache / "site" if is_elsewhere(self.settings.output) else folder_of(self.root, self.settings.output)

    @property
    def content(self) -> tuple[tuple[str, Path], ...]:
        """Return the folders to publish: the name of each in the settings, and its path; for remote ones, of the local copy."""
        return tuple((name, self._place(name)) for name in self.settings.content)

    def _place(self, name: str) -> Path:
        if not is_elsewhere(name):
            return folder_of(self.root, name)
        parts = urlsplit(name)
        path = f"{parts.scheme}/{parts.netloc.rpartition('@')[2]}/{parts.path}"
        return self.mirror.joinpath(*(part for part in path.split("/") if part.strip(".")))

    @property
    def has_mirror(self) -> bool:
        """Whether any content is remote."""
        return any(map(is_elsewhere, self.settings.content))

    @property
    def mirror(self) -> Path:
        """Return the folder of local copies of remote content: ``s3://bucket/a`` is in ``s3/bucket/a``."""
        return self.kept / "remote"

    @property
    def ledger(self) -> Path:
        """Return the path of the ledger: what was published, and the traits that identify each post."""
        return self.root / LEDGER

    @property
    def kept(self) -> Path:
        """Return the cache folder; it may be deleted at any time."""
        return self.root / ".rostra"

    @property
    def store(self) -> Path:
        """Return the path of the store."""
        return self.cache / "editions.sqlite"

    @property
    def cache(self) -> Path:
        """Return the cache folder of builds or of previews: a build must not take previewed content for published."""
        return self.kept / "previewed" if self.previewed else self.kept


def is_elsewhere(name: str) -> bool:
    """Whether a place in the settings is an address that is not on this machine's disk."""
    return "://" in name and urlsplit(name).scheme not in ("file", "local")


def folder_of(root: Path, name: str) -> Path:
    """Return the folder that the settings of a site in ``root`` name by a path, or by an address on this machine."""
    if "://" not in name:
        return root / name
    from urllib.request import url2pathname

    return root / url2pathname(urlsplit(name).path)


def load_site(root: Path, *, previewed: bool = False, locked: bool = False) -> Site:
    """Return the site in a folder; raise UsageError if there is none or its settings are invalid.

    The output must be a folder of its own: it must not be, contain or be within a folder that is read or that is the
    cache, and it must not be or contain the site's folder or the user's home, by any name or link.
    """
    path = root / SETTINGS
    if not path.is_file():
        raise UsageError(
            "this folder is not a site",
            path=str(path),
            hint="`rostra new FOLDER` makes one; `--site FOLDER` names another",
        )
    settings = read_settings(path)
    site = Site(root=root.resolve(), settings=settings, previewed=previewed, locked=locked)
    if not is_elsewhere(site.settings.output):
        _refuse_shared_output(site, path)
    return site


def _refuse_shared_output(site: Site, settings: Path) -> None:
    """Raise UsageError if the output would be mixed with other files: content, the cache, or the user's home."""
    output = folder_of(site.root, site.settings.output)
    read = {f"the content folder {name!r}": folder for name, folder in site.content}
    read |= {"the layouts folder": site.root / site.settings.layouts, "the cache folder": site.kept}
    read |= {"the folder of git": site.root / ".git"}
    around = {"the folder of the site": site.root, "the whole disk": Path(output.anchor)}
    with suppress(RuntimeError):
        around["your home folder"] = Path.home()
    own, *above = _places(output)
    places = {name: _places(folder) for name, folder in (around | read).items()}
    wrong = [f"is {name}" for name, (place, *_) in places.items() if place == own]
    wrong += [f"contains {name}" for name, (_, *holds) in places.items() if own in holds]
    wrong += [f"is in {name}" for name, (place, *_) in places.items() if name in read and place in above]
    wrong += ["is a file"] if output.exists() and not output.is_dir() else []
    wrong += ["begins with “~”, which names no home folder here"] if site.settings.output.startswith("~") else []
    if wrong:
        message = f"the output folder {site.settings.output!r} {wrong[0]}"
        hint = "name a folder of its own as `output`: public, for instance"
        raise TomlFile.read(settings, SETTINGS).error(message, "output", hint=hint)


def _places(folder: Path) -> list[tuple[object, ...]]:
    """Return a folder and its parents, nearest first, each as an identity on disk that all its names share."""
    found: list[tuple[object, ...]] = []
    resolved = Path(os.path.realpath(folder))
    for each in (*reversed(resolved.parents), resolved):
        try:
            about = each.stat()
        except OSError:
            # It is not known yet whether the file system there is case-sensitive.
            found.append((*found[-1], each.name.casefold()))
        else:
            found.append((about.st_dev, about.st_ino))
    return found[::-1]


def read_settings(path: Path) -> Settings:
    """Return the settings of a file; raise UsageError with the line if it is invalid."""
    file = TomlFile.read(path, SETTINGS)
    settings = file.table(Settings)
    if not settings.title.strip():
        raise file.error("the title is empty", "title", hint="give the archive a name")
    if not settings.content:
        raise file.error("no content folder is named", "content", hint='write it as ["content"]')
    for key, wrong, hint in (
        ("address", wrong_address, 'write it as "https://example.org/debates/"'),
        ("authority", wrong_authority, 'write a domain and a day on which you owned it: "example.org,2026-01-31"'),
        ("language", wrong_language, 'write it as "en" or "pt-BR"'),
    ):
        value = getattr(settings, key)
        if value and (said := wrong(value)):
            raise file.error(f"{key} {value!r} {said}", key, hint=hint)
    for number, domain in enumerate(settings.takes_over):
        if said := wrong_domain(domain):
            hint = 'name domains only: ["https://forum.example"]'
            raise file.error(f"takes_over {domain!r} {said}", "takes_over", number, hint=hint)
    refuse_wrong_media(file, settings.media, path.parent)
    for number, rule in enumerate(settings.leave_out):
        if rule.wrong:
            hint = 'say what it leaves out: sender = "mailer-daemon@*"'
            raise file.error(f"rule {number + 1} of leave_out {rule.wrong}", "leave_out", number, hint=hint)
    return settings


def refuse_wrong_media(file: TomlFile, media: Mapping[str, str], root: Path) -> None:
    """Raise UsageError with the line of the first place of media that is not there; paths are relative to ``root``."""
    for prefix, place in media.items():
        if said := wrong_media(prefix, place, root=root):
            hint = 'write it as "https://forum.example/uploads/" = "uploads/", or name a file .warc, .warc.gz or .wacz'
            raise file.error(f"media {prefix!r} {said}", "media", prefix, hint=hint)
