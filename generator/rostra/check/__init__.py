"""Whether what was built holds what it promises: looked at as it lies there, whatever made it.

A kind of check is a module: ``page`` (well formed), ``links``, ``apparatus`` and ``documents`` (quotations and
footnotes both ways), ``names``, ``permalinks``, ``external``.  ``scan`` reads one file, in a worker where there are
many; what is kept of each is its ids and where it leads beyond itself.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from msgspec import Struct

from rostra import hosts
from rostra.check.across import Across
from rostra.check.facts import FactCache, decode, encode, kept_facts
from rostra.check.findings import Finding, errors
from rostra.check.names import CONTROL, check_names
from rostra.check.permalinks import check_permalinks
from rostra.check.scan import scan
from rostra.config.build_record import last
from rostra.config.redaction_rules import read_rules
from rostra.config.secret_keys import LOST, REDACTIONS, load_key
from rostra.config.site import Site
from rostra.output.journal import refuse_pending
from rostra.output.manifest import MANIFEST, read_manifest
from rostra.privacy.hidden_posts import alias
from rostra.system.processes import begun

FEW = 200
"""Files that are read more quickly than workers start."""
CHUNK = 50
OURS_TOO = frozenset({MANIFEST, ".gitkeep"})
"""What lies in an output folder beside what it lists."""


class CheckReport(Struct, frozen=True, kw_only=True):
    """What a check looked at and found, findings by path and line."""

    files: int
    pages: int
    size: int
    findings: tuple[Finding, ...]
    outside: tuple[tuple[str, str], ...]
    """Addresses of other hosts, each with the first page that leads there."""

    @property
    def errors(self) -> int:
        """How many promises are broken."""
        return errors(list(self.findings))


def check(
    site: Site, *, trust: bool = False, workers: int | None = None, despite_failures: bool = False
) -> CheckReport:
    """Everything that can be told of the built site without asking anyone.

    That the last build failed on something is an error, unless the site is checked ``despite_failures``.
    Where ``trust`` is set, a file that was not touched since the build is believed to be what the build wrote, and what
    the last check found of it still holds; otherwise every byte is read.

    Raises RostraError where a build broke off while it put the site in place.
    """
    output = site.output
    refuse_pending(site.cache, site.settings.output)
    manifest = read_manifest(output)
    failed = () if despite_failures else tuple(_failed(site))
    if not manifest:
        unbuilt = Finding(MANIFEST, 0, "not-built", "there is no site")
        return CheckReport(files=0, pages=0, size=0, findings=(*failed, unbuilt), outside=())
    present = dict(_files(output))
    address = site.settings.address.rstrip("/") + "/" if site.settings.address else ""
    found = [*failed, *check_names({*manifest, MANIFEST}, hosts.host_of(site))]
    foreign = present.keys() - manifest.keys() - OURS_TOO
    found += [Finding(path, 0, "foreign-file", "no build made it") for path in foreign]
    found += [Finding(path, 0, "missing-file", f"{MANIFEST} lists it") for path in manifest if path not in present]
    across = Across(output, address, present.keys() & manifest.keys())
    built = (output / MANIFEST).stat().st_mtime_ns
    with kept_facts(site.cache, address) as kept:
        known = {p for p in manifest if trust and p in present and present[p][1] <= built and kept.get(p, manifest[p])}
        unknown = sorted(path for path in manifest if path in present and path not in known)
        fresh = _scanned(output, unknown, address, workers)
        for path in sorted(manifest.keys() & present.keys()):
            facts = decode(_facts(path, manifest[path], known, fresh, kept))
            if facts.digest != manifest[path]:
                found.append(Finding(path, 0, "changed-file", f"its digest is not the one in {MANIFEST}"))
            found += facts.findings
            across.add(path, facts)
    found += across.findings()
    found += check_permalinks(site.ledger, across.ids, _alias(site))
    found += _limits(site, present, manifest)
    return CheckReport(
        files=len(manifest) + 1,
        pages=sum(path.endswith(".html") for path in manifest),
        size=sum(size for size, _ in present.values()),
        findings=tuple(sorted(found)),
        outside=tuple(sorted(across.outside.items())),
    )


def _failed(site: Site) -> Iterator[Finding]:
    """What the last build failed on."""
    for failure in last(site)[0]:
        yield Finding("", 0, "failed-build", str(failure).partition("\n")[0])


def _files(output: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    """Every file with its bytes and the time at which it was touched last."""
    top = len(str(output)) + 1
    for folder, folders, names in os.walk(output):
        folders.sort()
        for name in sorted(names):
            path = f"{folder}/{name}"
            about = os.stat(path)  # noqa: PTH116  # a Path for each of many thousands costs more than the look
            yield path[top:].replace(os.sep, "/"), (about.st_size, about.st_mtime_ns)


def _facts(path: str, digest: str, known: set[str], fresh: Iterator[tuple[str, bytes]], kept: FactCache) -> bytes:
    if path in known and (facts := kept.get(path, digest)):
        return facts
    _, facts = next(fresh)
    kept.put(path, decode(facts).digest, facts)
    return facts


def _alias(site: Site) -> Callable[[str], str] | None:
    """What gives the id that is published for one that tells what is redacted; None where nothing is."""
    if not read_rules(site) or not (site.root / REDACTIONS).exists():
        return None
    return partial(alias, load_key(site, REDACTIONS, LOST))


def _scanned(output: Path, paths: list[str], address: str, workers: int | None) -> Iterator[tuple[str, bytes]]:
    """The facts of files in their order, whoever finds them out."""
    if len(paths) <= FEW or workers == 1:
        yield from _chunk(output, paths, address)
        return
    chunks = [paths[at : at + CHUNK] for at in range(0, len(paths), CHUNK)]
    # Fork would copy whatever threads the caller has in a state that nobody knows.
    spawn, litter = get_context("spawn"), (gc.get_threshold(),)
    with ProcessPoolExecutor(workers or os.cpu_count(), spawn, initializer=begun, initargs=litter) as pool:
        for done in pool.map(_chunk, [output] * len(chunks), chunks, [address] * len(chunks)):
            yield from done


def _chunk(output: Path, paths: Iterable[str], address: str) -> list[tuple[str, bytes]]:
    return [(path, encode(scan(output, path, address))) for path in paths]


def _limits(site: Site, present: dict[str, tuple[int, int]], manifest: dict[str, str]) -> Iterator[Finding]:
    host = hosts.host_of(site)
    if host:
        sizes = [(path, present[path][0]) for path in manifest if path in present and path not in CONTROL]
        for problem in hosts.limits(host, site.output, sizes):
            yield Finding("", 0, problem.code, f"{problem.message}; {problem.hint}")
