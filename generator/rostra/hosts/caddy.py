"""A plain web server: Caddy 2."""

from __future__ import annotations

from rostra.hosts import Host
from rostra.system.http_headers import ASK_AGAIN, FOR_EVER, IMMUTABLE, security

SAID = "\n".join(f'\t\t{name} "{value}"' for name, value in security().items())
FIXED = " ".join(f"/{path.replace(':part', '*')}" for path in IMMUTABLE)

CADDYFILE = f"""\
# Serves the archive: ROSTRA_ADDRESS=debates.example.org ROSTRA_ROOT=/srv/debates/public caddy run
{{$ROSTRA_ADDRESS::8080}} {{
	root * {{$ROSTRA_ROOT:public}}
	encode zstd gzip
	file_server
	header {{
{SAID}
		?Cache-Control "{ASK_AGAIN}"
	}}
	@fixed path {FIXED}
	header @fixed Cache-Control "{FOR_EVER}"
	handle_errors {{
		@absent expression `{{http.error.status_code}} == 404`
		rewrite @absent /404.html
		file_server
	}}
}}
"""

HOST = Host(
    name="caddy",
    title="Caddy",
    files_of_site={"Caddyfile": CADDYFILE},
    then="set the address and the folder to serve in the Caddyfile's variables",
)
