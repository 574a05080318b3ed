"""What each host allows and wants: its limits, what it reads, the file from which its CI builds.  One module a host, discovered.

A module holds ``HOST``.  Limits are those of a free account, as the host's documentation gives them.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct, field

from rostra import __version__
from rostra.config.site import SETTINGS, Site
from rostra.config.toml_tables import TomlFile, suggestion
from rostra.errors import UsageError
from rostra.model import Problem

NONE: Mapping[str, str] = MappingProxyType({})

REQUIREMENTS = f"""\
# What builds this archive. Where Rostra is not in your package index, name its wheel here instead, by path or address.
rostra=={__version__}
"""
"""What the CI of a host installs."""

THEN_LEDGER = "build before each push, and commit rostra.ledger with what changed"
"""What is to be done by hand where a host builds: nothing that it notes would be kept."""


class Host(Struct, frozen=True, kw_only=True):
    """A place that serves the files of a site.

    ``files`` is the most files it takes, ``size`` the most bytes, ``largest`` the most bytes of one
    file, ``redirects`` the lines of ``_redirects`` that it reads and ``headers`` the rules of
    ``_headers`` (0: it does not read them); None where there is no limit.  ``branch`` is the branch that
    it serves, where it serves one, and ``domain`` the file there that names a domain of one's own.
    ``hides`` says which names it does not serve, as prefixes of a part of a path.  ``files_of_site`` are
    what `rostra new` writes for it, and ``then`` what is still to be done by hand.
    """

    name: str
    title: str
    files: int | None = None
    size: int | None = None
    largest: int | None = None
    redirects: int | None = 0
    headers: int | None = 0
    branch: str | None = None
    domain: str | None = None
    hides: tuple[str, ...] = ()
    files_of_site: Mapping[str, str] = field(default_factory=lambda: NONE)
    then: str = ""


@cache
def hosts() -> Mapping[str, Host]:
    """Every host that is known, by name."""
    found = (import_module(f"{__name__}.{info.name}").HOST for info in pkgutil.iter_modules(__path__))
    return {host.name: host for host in found}


def host_of(site: Site) -> Host | None:
    """The host that a site's settings choose; raises UsageError where there is none of that name."""
    name = site.settings.host
    if name and name not in hosts():
        settings = TomlFile.read(site.root / SETTINGS, SETTINGS)
        raise settings.error(f"there is no host {name!r}", "host", hint=suggestion(name, hosts()))
    return find_host(name) if name else None


def find_host(name: str) -> Host:
    """The host of a name; raises UsageError where there is none."""
    if name not in hosts():
        raise UsageError(f"there is no host {name!r}", hint=suggestion(name, hosts()))
    return hosts()[name]


def hidden(host: Host, path: str) -> bool:
    """Whether the host would not serve the file, because of its name."""
    return bool(host.hides) and any(
        part.startswith(host.hides) and part not in (".nojekyll", ".well-known") for part in path.split("/")
    )


def limits(host: Host, output: Path, files: Iterable[tuple[str, int]]) -> Iterator[Problem]:
    """Each limit of the host that a built site passes; ``files`` are its paths with their bytes."""
    yield from excesses(host, files, redirects=_rules(output / "_redirects"), headers=_rules(output / "_headers"))


def _rules(path: Path) -> int:
    """How many rules a file for the host has: its lines that begin with an address."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 0
    return sum(line.startswith(("/", "http")) for line in lines)


def excesses(
    host: Host, files: Iterable[tuple[str, int]], *, redirects: int = 0, headers: int = 0
) -> Iterator[Problem]:
    """Each limit of the host that a site passes, with what to do.

    ``files`` are its paths with their bytes, ``redirects`` and ``headers`` how many lines or rules it has.
    """
    count = size = 0
    too_large: list[tuple[str, int]] = []
    for path, bytes_of in files:
        count += 1
        size += bytes_of
        if host.largest is not None and bytes_of > host.largest:
            too_large.append((path, bytes_of))
    if host.files is not None and count > host.files:
        yield Problem(
            code="host-files",
            message=f"the site has {count:,} files, and {host.title} takes {host.files:,}",
            hint=f"take over fewer old addresses, leave dumps out (`publish_dump = false`), or publish it on {_others(count, size)}",
        )
    if host.size is not None and size > host.size:
        yield Problem(
            code="host-size",
            message=f"the site has {amount(size)}, and {host.title} takes {amount(host.size)}",
            hint=f"compress the dumps (.zst and .gz are read as they are), leave them out (`publish_dump = false`), or publish it on {_others(count, size)}",
        )
    for path, bytes_of in sorted(too_large):
        page = path.endswith((".html", "thread.json"))
        yield Problem(
            code="host-largest",
            message=f"{path} has {amount(bytes_of)}, and {host.title} takes files of {amount(host.largest or 0)}",
            hint="take another host, or split the dump that it is made of"
            if page
            else "compress it (.zst and .gz are read as they are), or leave it out (`publish_dump = false`)",
        )
    for name, found, most in (("_redirects", redirects, host.redirects), ("_headers", headers, host.headers)):
        if most and found > most:
            yield Problem(
                code="host-rules",
                message=f"{name} has {found:,} rules, and {host.title} reads {most:,}",
                hint="the pages that stand at the old addresses lead on all the same"
                if name == "_redirects"
                else "shorten the layouts' own rules",
            )


def _others(files: int, size: int) -> str:
    """The hosts that would take that much."""
    fit = sorted(
        host.name for host in hosts().values() if files <= (host.files or files) and size <= (host.size or size)
    )
    return " or ".join(fit)


def amount(size: int) -> str:
    """``12.3 MB``: a number of bytes for people."""
    for unit, one in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= one:
            return f"{size / one:.4g} {unit}"
    return f"{size} bytes"
