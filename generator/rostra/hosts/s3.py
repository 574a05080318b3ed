"""Object storage that serves its objects as a site: S3 and what speaks like it."""

from __future__ import annotations

from rostra.hosts import Host

HOST = Host(
    name="s3",
    title="Object storage",
    largest=5 * 10**12,
    then="`rostra publish s3://BUCKET/PREFIX`; let the bucket serve index.html for folders and 404.html for what is not there",
)
