"""Compare a built site with the one that is online, for a host that replaces it without a record of its own.

The site that is online lists its files in its ``SHA256SUMS``.  So a push that goes back to an earlier commit, or that
takes lines of the ledger back, does not remove debates from their addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from rostra import __version__
from rostra.config.site import SETTINGS, Site
from rostra.errors import RostraError
from rostra.output.manifest import MANIFEST
from rostra.publish.plan import manifest_paths
from rostra.publish.removals import refuse_lost_addresses, refuse_removals

PATIENCE = 60
"""Seconds until a server that does not answer counts as unreachable."""
WAY = "push once with `rostra check` in place of `rostra check --online` in the CI file"


def refuse_unlike_online(site: Site, read: Callable[[str], bytes | None] | None = None) -> bool:
    """Raise RostraError if debates that are online would vanish from their addresses, or many would be removed.

    Return whether there was something to compare: the site has an ``address``, and there is a site.  ``read`` returns the
    content at an address, None if there is nothing.
    """
    if not site.settings.address:
        return False
    manifest = (read or content_at)(f"{site.settings.address.rstrip('/')}/{MANIFEST}")
    old = manifest_paths(manifest) if manifest else {}
    new = manifest_paths((site.output / MANIFEST).read_bytes())
    refuse_lost_addresses(old, new, f"if they are to go, {WAY}")
    refuse_removals(site.output, old, new, WAY)
    return bool(old)


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
