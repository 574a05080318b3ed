"""Markup that would run, in every name that a page shows and that is no body: of people, files, titles, tags; and in TeX."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path

from support.link_payloads import RUN
from support.sample_pictures import picture

NAMES = [
    f'"><img src=x onerror={RUN}>',
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"'-{RUN}-'",
    f"</title><svg onload={RUN}>",
    f"<!--><img src=x onerror={RUN}>-->",
    f"</textarea></option></select><img src=x onerror={RUN}>",
    f"javascript:{RUN}",
    f"${{{RUN}}}",
    f"{{{{ {RUN} }}}}",
    f"x\u2028<b onmouseover={RUN} style=position:fixed;inset:0>y</b>",
]
"""Each is the name of a person, a file, a debate and a tag."""
MATHS = [
    f"\\href{{javascript:{RUN}}}{{x}}",
    f"\\text{{<img src=x onerror={RUN}>}}",
    "\\style{background:url(//evil.example/x)}{x} \\class{kept}{y} \\cssId{content}{z}",
    f"\\begin{{matrix}}<script>{RUN}</script>\\end{{matrix}}",
    f"\\unicode{{x3c}}img src=x onerror={RUN}\\unicode{{x3e}}",
    "\\includegraphics{//evil.example/x.png} \\url{javascript:1}",
    f"x</annotation></math><img src=x onerror={RUN}>",
    f'\\color{{red;}}" onclick="{RUN}',
    f"\\mathrm{{&lt;img src=x onerror={RUN}&gt;}}",
]
MATHML = [
    f'<math><maction actiontype="statusline#https://evil.example/" xlink:href="javascript:{RUN}">x</maction></math>',
    f'<math><annotation-xml encoding="text/html"><img src=x onerror={RUN}></annotation-xml></math>',
    f'<math xlink:href="javascript:{RUN}" xmlns:xlink="http://www.w3.org/1999/xlink"><mi>x</mi></math>',
    f'<math><mtext></mtext><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror={RUN}&gt;"></mglyph></math>',
    f'<math><mi onclick="{RUN}" style="position:fixed;inset:0" href="javascript:{RUN}">x</mi></math>',
    f'<math><semantics><annotation encoding="application/x-tex"></math><img src=x onerror={RUN}></annotation></semantics></math>',
    f'<svg><foreignObject><math><mtext><iframe srcdoc="<script>parent.{RUN}</script>"></iframe></mtext></math></foreignObject></svg>',
    '<math><ms src="https://evil.example/x" lquote="//evil.example" rquote="x">y</ms></math>',
]


def _toml(text: str) -> str:
    return json.dumps(text)


def write_named(folder: Path) -> int:
    """A site of which every name is such; returns how many payloads it holds."""
    content = folder / "content"
    content.mkdir(parents=True)
    (folder / "rostra.toml").write_text('title = "Names"\nextras = true\naddress = "https://archive.example/"\n')
    for n, name in enumerate(NAMES):
        told = [{"id": "1", "parent": None, "title": name, "author": {"name": name, "id": name}, "body": f"The lantern {n} is lit, says {name}.", "tags": [name]}]  # fmt: skip
        told += [{"id": str(2 + m), "parent": "1", "author": {"name": each, "id": f"{each} {m}"}, "body": f"> The lantern {n} is lit, says {name}.\n\nNo, says {each}.", "created": "2024-03-01T09:00:00Z"} for m, each in enumerate(NAMES)]  # fmt: skip
        (content / f"names{n}.jsonl").write_text("".join(json.dumps(each) + "\n" for each in told))
        other = NAMES[(n + 1) % len(NAMES)]
        card = [f"title = {_toml(name)}", f"tags = [{_toml(other)}]", f"licence = {_toml(name)}", f"[[person]]\nname = {_toml(f'{name} {n}')}\nnames = [{_toml(other)}]"]  # fmt: skip
        (content / f"names{n}.toml").write_text("\n".join(card) + "\n")
    maths = [("github", f"$${each}$$ and ${each}$"[:2000]) for each in MATHS] + [
        ("zulip", f"$${each}$$") for each in MATHS
    ]
    bodies = [*maths, *((dialect, each) for each in MATHML for dialect in ("html", "markdown", "forum"))]
    posts = [{"id": n + 1, "parent": 1 if n else None, "title": "Signs" if not n else None, "author": "Ada", "dialect": dialect, "body": f"The lantern is lit. {body}"} for n, (dialect, body) in enumerate(bodies)]  # fmt: skip
    (content / "signs.jsonl").write_text("".join(json.dumps(each) + "\n" for each in posts))
    (content / "letters.mbox").write_bytes(b"".join(_letter(n, name) for n, name in enumerate(NAMES)))
    return len(NAMES) * (len(NAMES) + 6) + len(bodies)


def _letter(number: int, name: str) -> bytes:
    """A message with files of such a name."""
    message = EmailMessage()
    safe = name.replace("\u2028", " ")
    message["From"] = "Ada <ada@mill.example>"
    message["Message-ID"] = f"<{number}@mill.example>"
    message["Subject"] = f"Lantern {safe}"
    message["Date"] = "Mon, 04 Mar 2024 09:00:00 +0000"
    message.set_content(f"The lantern of letter {number} is lit, see {safe}.\n")
    message.add_attachment(picture("PNG"), "image", "png", filename=f"{safe}.png")
    message.add_attachment(b"<svg onload=alert(1)></svg>", "image", "svg+xml", filename=f"{safe}.svg")
    message.add_attachment(f"<script>{RUN}</script>".encode(), "text", "html", filename=f"{safe}.html")
    return b"From ada Mon Mar  4 09:00:00 2024\n" + message.as_bytes() + b"\n\n"
