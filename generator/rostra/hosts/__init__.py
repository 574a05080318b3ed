"""Hosts: the limits of each, the files that it reads, and its CI file.  Each host is one module, found automatically.

Each module defines ``HOST``.  Limits are those of a free account according to the host's documentation.
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
# The packages that build this archive. If your package index does not have Rostra, write the path or URL of its wheel instead.
rostra=={__version__}
"""
"""The requirements that a host's CI installs."""

PYTHON = "3.13"
"""The Python that a host's CI installs."""
BUILD = (
    "pip install -r requirements.txt",
    "# This fails if rostra.ledger lacks an address: build on the machine that has the dumps, and commit rostra.ledger.",
    "rostra build --locked",
)
"""The commands of a host's CI that build the site."""
THEN_LEDGER = "build before each push, and commit rostra.ledger with your changes"
"""The manual step if a host builds the site: changes of the ledger there would be lost."""


class Host(Struct, frozen=True, kw_only=True):
    """A service or server that serves the files of a site.

    ``files`` is the maximum number of files, ``size`` of bytes, ``largest`` of bytes in one file, ``redirects`` of lines
    in ``_redirects`` and ``headers`` of rules in ``_headers`` (0: the host does not read the file); None means no limit.
    ``branch`` is the branch that it serves, if any, and ``domain`` the file that names a custom domain.  ``hides`` are
    prefixes of path segments that it does not serve.  ``files_of_site`` are the files that `rostra new` writes for it,
    and ``then`` the steps that users still have to do by hand.
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


def commands(indent: int, *more: str, before: str = "- ") -> str:
    """Return the commands that build the site, then ``more``, as a YAML list; ``indent`` is its number of spaces."""
    lines = (line if line.startswith("#") else before + line for line in (*BUILD, *more))
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


@cache
def hosts() -> Mapping[str, Host]:
    """Return all hosts by name."""
    found = (import_module(f"{__name__}.{info.name}").HOST for info in pkgutil.iter_modules(__path__))
    return {host.name: host for host in found}


def host_of(site: Site) -> Host | None:
    """Return the host in a site's settings; raises UsageError if it is unknown."""
    name = site.settings.host
    if name and name not in hosts():
        settings = TomlFile.read(site.root / SETTINGS, SETTINGS)
        raise settings.error(f"there is no host {name!r}", "host", hint=suggestion(name, hosts()))
    return find_host(name) if name else None


def find_host(name: str) -> Host:
    """Return the host of a name; raises UsageError if it is unknown."""
    if name not in hosts():
        raise UsageError(f"there is no host {name!r}", hint=suggestion(name, hosts()))
    return hosts()[name]


def hidden(host: Host, path: str) -> bool:
    """Whether the host does not serve a file because of its name."""
    return bool(host.hides) and any(
        part.startswith(host.hides) and part not in (".nojekyll", ".well-known") for part in path.split("/")
    )


def limits(host: Host, output: Path, files: Iterable[tuple[str, int]]) -> Iterator[Problem]:
    """Yield each exceeded limit of the host; ``files`` are the site's paths with their sizes in bytes."""
    yield from excesses(host, files, redirects=_rules(output / "_redirects"), headers=_rules(output / "_headers"))


def _rules(path: Path) -> int:
    """Return the number of rules in a file for the host: its lines that begin with an address."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 0
    return sum(line.startswith(("/", "http")) for line in lines)


def excesses(
    host: Host, files: Iterable[tuple[str, int]], *, redirects: int = 0, headers: int = 0
) -> Iterator[Problem]:
    """Yield each exceeded limit of the host, with a hint.

    ``files`` are the site's paths with their sizes in bytes, ``redirects`` and ``headers`` its number of rules.
    """
    count = size = media = 0
    too_large: list[tuple[str, int]] = []
    for path, bytes_of in files:
        count += 1
        size += bytes_of
        media += bytes_of if path.startswith("media/") else 0
        if host.largest is not None and bytes_of > host.largest:
            too_large.append((path, bytes_of))
    if host.files is not None and count > host.files:
        yield Problem(
            code="host-files",
            message=f"the site has {count:,} files; {host.title} allows {host.files:,}",
            hint=f"keep fewer old addresses, leave dumps out (`publish_dump = false`), or publish on {_others(count, size)}",
        )
    if host.size is not None and size > host.size:
        yield Problem(
            code="host-size",
            message=f"the site has {amount(size)}; {host.title} allows {amount(host.size)}{_share(media, size)}",
            hint=f"compress the dumps (Rostra reads .zst and .gz), leave them out (`publish_dump = false`), or publish on {_others(count, size)}",
        )
    for path, bytes_of in sorted(too_large):
        page = path.endswith((".html", "thread.json"))
        yield Problem(
            code="host-largest",
            message=f"{path} has {amount(bytes_of)}; {host.title} allows {amount(host.largest or 0)} per file",
            hint="use another host, or split the dump of this page"
            if page
            else "compress it (Rostra reads .zst and .gz), or leave it out (`publish_dump = false`)",
        )
    for name, found, most in (("_redirects", redirects, host.redirects), ("_headers", headers, host.headers)):
        if most and found > most:
            yield Problem(
                code="host-rules",
                message=f"{name} has {found:,} rules; {host.title} reads {most:,}",
                hint="the pages at the old addresses redirect without these rules"
                if name == "_redirects"
                else "use fewer rules in the layouts",
            )


def _share(media: int, size: int) -> str:
    """Return which part of a site's bytes are pictures and files."""
    return f"; {100 * media / size:.0f} % of it are pictures and files" if media else ""


def _others(files: int, size: int) -> str:
    """Return the hosts that would accept this size."""
    fit = sorted(
        host.name for host in hosts().values() if files <= (host.files or files) and size <= (host.size or size)
    )
    return " or ".join(fit)


def amount(size: int) -> str:
    """Format a number of bytes for people: ``12.3 MB``."""
    for unit, one in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= one:
            return f"{size / one:.4g} {unit}"
    return f"{size} bytes"
