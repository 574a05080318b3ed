"""Object storage that serves its objects as a site: S3 and services with its API."""

from __future__ import annotations

from rostra.hosts import Host

HOST = Host(
    name="s3",
    title="Object storage",
    largest=5 * 10**12,
    then="run `rostra publish s3://BUCKET/PREFIX`; configure index.html as the bucket's index document and 404.html as its error document",
)
