"""Compare a built site with the one that is online, for a host that replaces it without a record of its own.

The site that is online lists its files in its ``SHA256SUMS``, and the posts of a debate in its ``thread.json``.  So a push
that goes back to an earlier commit, or that takes lines of the ledger back, does not remove debates or posts from their
addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import msgspec
from msgspec import Struct

from rostra import __version__
from rostra.config.site import SETTINGS, Site
from rostra.errors import RostraError
from rostra.output.manifest import MANIFEST
from rostra.publish.plan import manifest_paths
from rostra.publish.removals import refuse_lost_addresses, refuse_removals

PATIENCE = 60
"""Seconds until a server that does not answer counts as unreachable."""
AT_ONCE = 8
"""How many documents are fetched at once."""
MOST = 1_000
"""Of how many changed debates the posts are compared: another version of Rostra may change all of them."""
WAY = "push once with `rostra check` in place of `rostra check --online` in the CI file"


class _ListedPost(Struct):
    """The fields of posts in a thread document that are needed here: of those in the debate, and of those that were in it."""

    id: str = ""
    post: str = ""


class _ListedPosts(Struct):
    posts: tuple[_ListedPost, ...] = ()
    kept: tuple[_ListedPost, ...] = ()

    @property
    def ids(self) -> set[str]:
        return {each.id or each.post for each in (*self.posts, *self.kept)}


def refuse_unlike_online(site: Site, read: Callable[[str], bytes | None] | None = None) -> bool:
    """Raise RostraError if debates or posts that are online would vanish from their addresses, or many debates be removed.

    Return whether there was something to compare: the site has an ``address``, and there is a site.  ``read`` returns the
    content at an address, None if there is nothing.
    """
    if not site.settings.address:
        return False
    read, top = read or content_at, site.settings.address.rstrip("/")
    manifest = read(f"{top}/{MANIFEST}")
    old = manifest_paths(manifest) if manifest else {}
    new = manifest_paths((site.output / MANIFEST).read_bytes())
    refuse_lost_addresses(old, new, f"if they are to go, {WAY}")
    refuse_removals(site.output, old, new, WAY)
    _refuse_lost_posts(site, changed_documents(old, new), lambda path: read(f"{top}/{path}"))
    return bool(old)


def changed_documents(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Return the paths of thread documents that differ, of two lists of files with digests; some of them, if they are many."""
    both = (path for path in sorted(old.keys() & new.keys()) if old[path] != new[path])
    found = [path for path in both if path.startswith("debates/") and path.endswith("/thread.json")]
    return found[:: max(1, -(-len(found) // MOST))]


def _refuse_lost_posts(site: Site, paths: Sequence[str], read: Callable[[str], bytes | None]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as readers:
        lost = [
            f"{path.removesuffix('thread.json')}index.html#{post}"
            for path, content in zip(paths, readers.map(read, paths), strict=True)
            for post in sorted(_ids(content) - _ids((site.output / path).read_bytes()))
        ]
    if lost:
        raise RostraError(
            f"{lost[0]} is online and would lead to no post" + (f", and {len(lost) - 1} more" if len(lost) > 1 else ""),
            hint=f"build with the ledger as it was committed last, so that the addresses lead on; if they are to go, {WAY}",
        )


def _ids(content: bytes | None) -> set[str]:
    """Return the ids of the posts that a thread document lists; none if there is no document, or it is another file."""
    try:
        return msgspec.json.decode(content or b"{}", type=_ListedPosts).ids
    except msgspec.DecodeError:
        return set()


def content_at(address: str) -> bytes | None:
    """Return the content at an address, None if there is nothing; raise RostraError if its server does not say."""
    asked = Request(address, headers={"User-Agent": f"rostra/{__version__}"})  # noqa: S310  # the setting is http or https
    try:
        with urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310  # as above
            return bytes(answer.read())
    except HTTPError as error:
        with error:
            if error.code in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
                return None
        told = f"{error.code} {error.reason}"
    except (OSError, ValueError) as error:
        told = str(error)
    raise RostraError(
        f"{address} cannot be read, so it is not known what is online: {told}",
        path=SETTINGS,
        hint="try again; `address` must be where the site is, and what is there readable for anyone",
    )
