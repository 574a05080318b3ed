"""The command line: the only module that prints and sets exit codes."""
from __future__ import annotations
import sys
from pathlib import Path
def main() -> None:
    # stand-in until the whole command is written
    from rostra.assemble import assemble
    from rostra.edition import edit
    from rostra.model import Source
    from rostra.permalinks import name, slug
    from rostra.readers import Dump, choose
    from rostra.thread_document import encode
    args=[a for a in sys.argv[2:] if not a.startswith("--") and a != "json"]
    for path in args:
        dump=Dump(Path(path)); reader=choose(dump)
        for raw in reader.read(dump):
            t=assemble(raw,id=name(raw.native_id) if raw.native_id else slug(Path(path).stem),title=raw.title or Path(path).stem,source=Source(path=path,format=reader.NAME,sha256=dump.sha256))
            sys.stdout.buffer.write(encode(edit(t))+b"\n")
