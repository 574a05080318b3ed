"""A plain web server: nginx."""

from __future__ import annotations

from rostra.hosts import Host
from rostra.system.http_headers import ASK_AGAIN, FOR_EVER, IMMUTABLE, security

SAID = "\n".join(f'    add_header {name} "{value}" always;' for name, value in security().items())
FIXED = "\n".join(f'    ~^/{path.removesuffix("*").replace(":part", "[^/]+")} "{FOR_EVER}";' for path in IMMUTABLE)

SERVER = f"""\
# Serves the archive: put this file in a folder that nginx includes in `http` (/etc/nginx/conf.d/, sites-enabled/),
# and set your own `listen`, `server_name` and `root`.
map $uri $rostra_cache_control {{
    default "{ASK_AGAIN}";
{FIXED}
}}
server {{
    listen 80;
    server_name debates.example.org;
    root /srv/debates/public;
    index index.html;
    error_page 404 /404.html;
    charset utf-8;
    default_type text/plain;
    gzip on;
    gzip_types text/plain text/css text/javascript application/javascript application/json application/xml;
{SAID}
    add_header Cache-Control $rostra_cache_control always;
}}
"""

HOST = Host(
    name="nginx",
    title="nginx",
    files_of_site={"nginx.conf": SERVER},
    then="put nginx.conf in a folder that nginx includes, and set your own `listen`, `server_name` and `root`",
)
