"""Publish a built site to a branch of a git remote, or to object storage.

``ready`` decides whether the site may be published, ``plan`` what would change; ``branch`` and ``storage`` do it.
"""

from __future__ import annotations
