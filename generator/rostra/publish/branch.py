"""Publish a built site to a branch of a git remote as one commit without history; only changed files are sent."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import IO
from urllib.parse import urlsplit

from msgspec import Struct

from rostra import __version__
from rostra.config.redaction_rules import read_rules
from rostra.config.site import Site
from rostra.errors import RostraError
from rostra.hosts import Host, host_of
from rostra.publish.git import GitError
from rostra.publish.mark import MARK, PublishMark, encode_mark
from rostra.publish.plan import Plan, make_plan, wanted_files
from rostra.publish.ready import refuse_unready
from rostra.publish.remote import MADE, SEEN, THERE, TRAILER, Remote, Tip
from rostra.publish.removals import refuse_lost_addresses, refuse_removals
from rostra.publish.source import head, refuse_uncommitted
from rostra.publish.trust import contents, refuse_strange, replaces

BRANCH = "gh-pages"
PIECE = 1 << 20


class PublishedBranch(Struct, frozen=True, kw_only=True):
    """What was published, or would be: ``commit`` is None if nothing was pushed."""

    plan: Plan
    address: str
    branch: str
    commit: str | None


class Wish(Struct, frozen=True, kw_only=True):
    """How to publish.

    ``replace`` is the beginning of the id of a commit that may be replaced although Rostra did not publish it;
    ``accept_removals`` allows many debates to disappear at once.
    After a build with failures, only ``despite_failures`` publishes.
    """

    remote: str = "origin"
    branch: str | None = None
    history: bool = False
    dirty: bool = False
    replace: str | None = None
    accept_removals: bool = False
    dry_run: bool = False
    despite_failures: bool = False


def publish(site: Site, wish: Wish) -> PublishedBranch:
    """Publish a site; raises RostraError with a hint rather than do what may be a mistake."""
    host = host_of(site)
    branch = wish.branch or (host.branch if host and host.branch else BRANCH)
    remote = Remote(site, wish.remote, branch)
    source = head(site)
    if wish.history and (site.settings.pseudonyms or read_rules(site)):
        raise RostraError(
            "this archive hides what must not be published, and history would keep what was published before",
            hint="publish without `--history`",
        )
    if not wish.dirty:
        refuse_uncommitted(site)
    refuse_unready(site, despite_failures=wish.despite_failures)
    tip = remote.look()
    if tip:
        refuse_strange(site, remote, tip, wish.replace)
    base = tip if tip and tip.mark else None
    extra = _extra(site, host)
    built = wanted_files(site.output)
    old = contents(site, remote, base, built, wish.replace).files if base else {}
    new = built | {path: sha256(content).hexdigest() for path, content in extra.items()}
    plan = make_plan(site.output, old, new, extra)
    if tip and not replaces(tip, wish.replace):
        refuse_lost_addresses(old, new, "or see `--replace`")
    if not wish.accept_removals:
        refuse_removals(site.output, old, new)
    done = PublishedBranch(plan=plan, address=remote.shown, branch=branch, commit=None)
    if wish.dry_run:
        return done
    if plan.nothing and base and not replaces(base, wish.replace):
        remote.record(base.commit)
        return done
    extra[MARK] = encode_mark(PublishMark(version=__version__, source=source))
    commit = _commit(site, remote, base, plan, extra, wish, source)
    _push(remote, tip, commit)
    return PublishedBranch(plan=plan, address=remote.shown, branch=branch, commit=commit)


def _extra(site: Site, host: Host | None) -> dict[str, bytes]:
    """Return additional files for the host: the name of a custom domain."""
    parts = urlsplit(site.settings.address)
    theirs = (".github.io", ".codeberg.page", ".gitlab.io")
    if host and host.domain and parts.hostname and parts.path in ("", "/") and not parts.hostname.endswith(theirs):
        return {host.domain: f"{parts.hostname}\n".encode()}
    return {}


def _commit(
    site: Site, remote: Remote, base: Tip | None, plan: Plan, extra: dict[str, bytes], wish: Wish, source: str | None
) -> str:
    """Make a commit of the site from changed files and from existing trees; raises RostraError."""
    people = [(remote.source or remote.git).line("var", f"GIT_{who}_IDENT") for who in ("AUTHOR", "COMMITTER")]
    if not all(people):
        raise RostraError(
            "git does not know who you are",
            hint='`git config user.name "…"` and `git config user.email "…"`, or the variables GIT_AUTHOR_NAME and so on',
        )
    message = f"Publish {site.settings.title}\n\n" + (f"Source-Commit: {source}\n" if source else "")
    message += (
        "Source-State: with changes that are not committed\n" if wish.dirty else ""
    ) + f"{TRAILER}: Rostra {__version__}\n"
    with _importing(remote) as out:
        out.write(f"feature done\ncommit {MADE}\nauthor {people[0]}\ncommitter {people[1]}\n".encode())
        out.write(b"data %d\n%s" % (len(message.encode()), message.encode()))
        if base and wish.history:
            out.write(f"from {base.commit}\n".encode())
        if base:
            tree = remote.git.run("rev-parse", f"{base.commit}^{{tree}}").decode().strip()
            out.write(f'M 040000 {tree} ""\n'.encode())
        out.writelines(f"D {_quoted(path)}\n".encode("utf-8", "surrogateescape") for path in plan.removed)
        digests = wanted_files(site.output)
        for path in plan.sent:
            if path not in extra:
                out.writelines(_file(site, path, digests[path]))
        for path, content in extra.items():
            out.write(f"M 100644 inline {_quoted(path)}\ndata {len(content)}\n".encode() + content)
        out.write(b"done\n")
    return remote.git.run("rev-parse", MADE).decode().strip()


def _file(site: Site, path: str, digest: str) -> Iterator[bytes]:
    """Yield a file in the format of ``git fast-import``; raises RostraError if it is not what was built."""
    place = site.output / path
    total = sha256()
    with place.open("rb") as stream:
        size = place.stat().st_size
        yield f"M 100644 inline {_quoted(path)}\ndata {size}\n".encode()
        while piece := stream.read(PIECE):
            total.update(piece)
            yield piece
    if total.hexdigest() != digest:
        raise RostraError(
            "it changed while it was published", path=f"{site.settings.output}/{path}", hint="publish again"
        )


def _quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


@contextmanager
def _importing(remote: Remote) -> Iterator[IO[bytes]]:
    """Run ``git fast-import``; an interrupted import leaves nothing behind."""
    command = ["git", "fast-import", "--quiet", "--force", "--done", "--depth=0", "--date-format=raw"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603  # a list of our own
            command, cwd=remote.git.folder, env=remote.git.environment, stdin=subprocess.PIPE, stdout=said, stderr=said
        )
        assert process.stdin
        try:
            # If git ends early, it says why below.
            with suppress(BrokenPipeError):
                yield process.stdin
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            with suppress(BrokenPipeError):
                process.stdin.close()
        if process.wait():
            said.seek(0)
            raise GitError(said.read().decode("utf-8", "replace").strip().partition("\n")[0])


def _push(remote: Remote, tip: Tip | None, commit: str) -> None:
    """Move the branch to the commit if it is still where it was seen; raises RostraError, and then it did not move."""
    name = f"refs/heads/{remote.branch}"
    lease = f"--force-with-lease={name}:{tip.commit if tip else ''}"
    done = remote.git.process("-c", "pack.window=0", "push", "--porcelain", "--no-verify", lease, THERE, f"{commit}:{name}")  # fmt: skip
    told = done.stdout.decode("utf-8", "replace").splitlines()
    refused = next((line for line in told if line.startswith("!")), "")
    if "stale info" in refused or "fetch first" in refused:
        raise RostraError(
            f"{remote.branch!r} moved on the remote while this was published",
            hint="publish again: its new content is checked first",
        )
    if refused:
        said = _last(done.stderr) or refused.rpartition("\t")[2]
        raise RostraError(
            f"the remote refuses: {refused.rpartition('(')[2].rstrip(')')}: {said}",
            hint="check whether the branch is protected, or a limit is exceeded",
        )
    if done.returncode:
        raise RostraError(
            f"the push was interrupted: {_last(done.stderr)}",
            hint="the branch is unchanged; check that you may write to it, and publish again",
        )
    remote.record(commit)
    remote.git.run("update-ref", SEEN, commit)
    remote.git.process("-c", "gc.auto=6700", "-c", "gc.autoDetach=false", "gc", "--quiet", "--auto", "--prune=now")


def _last(said: bytes) -> str:
    lines: Iterable[str] = said.decode("utf-8", "replace").strip().splitlines()
    return next(
        (line for line in reversed(list(lines)) if line and not line.startswith(("error: failed to push", "To "))), ""
    )
