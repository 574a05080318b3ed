"""From the output folder to the web: a branch of a git remote, or object storage.

``ready`` says whether the site may be published, ``plan`` what would change; ``branch`` and ``storage`` carry it out.
"""

from __future__ import annotations
