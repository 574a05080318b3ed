"""How long each lexer that colours long code takes for lines that repeat one thing, as long as it colours, and for half of it.

    python tests/benchmarks/growth_code.py [LANGUAGE …]

Run it before a language joins ``LINEAR`` (``markup/code.py``) and when Pygments is upgraded.  Linear is 2.
"""

from __future__ import annotations

import sys
import time

from rostra.markup.code import BLANK, LINE, LINEAR, LONGEST, highlight

ATOMS = [
    "a", "1", '"', "'", "`", "(", "[", "{", "<", "/", "/*", "//", "#", "\\", " ", "=", "-", "*", ":", ";", "@", "$", "%", "&", "|", "!", ".", "a(", "a.",
    "a=", "'''", '"""', "<a ", "<a>", "{{", "<%", "${", "--", "{-", "(*", "a b ", "0x", "\t", '"\\', "::", "<!--", "<?", 'f"{', "<<A", "=begin", "%q(",
    "$(", "~~~", "> ", "+a", "@@ ", "<script>", "def a", "class a", "int a(int b)", "~",
]  # fmt: skip


def seconds(language: str, line: str, size: int) -> float:
    code = (line * (size // len(line)))[:size]
    begun = time.process_time()
    for _ in highlight(code, language):
        pass
    return time.process_time() - begun


if __name__ == "__main__":
    for language in sys.argv[1:] or sorted(LINEAR):
        lines = [f"{(atom * LINE)[:width]}\n" for atom in ATOMS for width in (len(atom), 80, LINE)]
        lines += ["a\n" + "\n" * BLANK, "a\n" + " \n" * BLANK]
        found = []
        for line in lines:
            half, whole = seconds(language, line, LONGEST // 2), seconds(language, line, LONGEST)
            found.append((whole, whole / max(half, 1e-4), line))
        slowest = max(found)
        print(f"{language:14}{slowest[0]:8.2f} s, grows {slowest[1]:.2f} times, for {slowest[2][:12]!r}", flush=True)
