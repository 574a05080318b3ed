"""Recognise lines of plain text that are code: console output, and statements that are not indented."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rostra.system.lazy_regex import late

PATCHED = late(r"[+-](?=[#/\w }])")
PROMPT = late(r"(?:>>>|>|\$|In \[\d+\]:) ?(?=\S)|\.\.\. ")
SESSION = late(r"\s{0,4}(?:>>>|>|\$|Browse\[\d+\]>|[\[\w][\w.@:~/\] -]{1,40}\$) +(\S.*)$")
"""A line of a session where ``>`` is no quotation mark, and what was typed."""
STATEMENT = late(
    r"\s*+(?:[}\])+]|#|//|/\*|function ?\(|<environment|(?:class|struct) \w+ *$|(?:public|private|protected): *$|[\w.$@]++\s*+=[^=]|(?:library|import|require|install|make|cd|ls|git|R|from)\b(?!\.))"
)
ENDS = ("{", "}", ";", "+", "&&", "||", "%>%")
WITHIN = late(r"[\w.\]]\(|\w\$\w")
"""The beginnings, ends and contents of statements in the programming languages that mailing lists discuss."""
DATA = late(r"[\s(,]*+(?:(?:\"[^\"\n]*\"|'[^'\n]*'|-?\d[\d.e+-]*+)(?:[,\s()]++|$))++$")
"""A row of strings and numbers in a list."""
WORDS = late(r"(?:\b[A-Za-z]?[a-z]{1,20}[,:]? +){3}[a-z]{2}")
"""Four plain words in a row: a sentence, though it may name a function."""
QUOTED = late(r"\"[^\"\n]*\"|(?<!\w)'[^'\n]*'|(?<!\w)#.*")
"""What programs do not read as names: strings, except between two apostrophes of words, and comments."""
ARGUMENT = late(r"(?<!\S)(?:--?[A-Za-z]\S*|(?!\S*://)\S*(?:[\w.~]/\w|(?<!\S)/\w)\S*)")
"""An option of a command, or a path."""
ARGUMENTS, SEVERAL = 0.5, 4
"""The least share of options and paths among the words of a shell command or of the output of ``make``, and their least number."""
LEAST = 0.7
"""The share of lines that are statements in a paragraph of code."""


def is_statement(line: str) -> bool:
    """Whether a line is a statement of a program, not a sentence."""
    like_one = (
        STATEMENT.match(line)
        or DATA.match(line)
        or line.rstrip().endswith(ENDS)
        or "<-" in line
        or "[[" in line
        or (("(" in line or "$" in line) and WITHIN.search(line))
    )
    return bool(like_one) and WORDS.search(QUOTED.sub(" ", line)) is None


def are_statements(lines: Sequence[str]) -> bool:
    """Whether most of the lines are statements; the check ends once too many are not."""
    others = 0
    for line in lines:
        others += not is_statement(line)
        if len(lines) - others < LEAST * len(lines):
            return False
    return True


def is_code(lines: Sequence[str]) -> bool:
    """Whether a paragraph of two lines or more consists of statements, of a patch of statements, of a command, or of a session."""
    if len(lines) < 2:
        return False
    arguments = sum(len(ARGUMENT.findall(line)) for line in lines if "-" in line or "/" in line)
    if arguments >= SEVERAL and arguments >= ARGUMENTS * sum(len(line.split()) for line in lines):
        return True
    typed = [
        is_statement(prompt[1]) for line in lines if ("> " in line or "$ " in line) and (prompt := SESSION.match(line))
    ]
    if typed and 2 * sum(typed) >= len(typed):
        return True
    return are_statements([line[1:] if PATCHED.match(line) else line for line in lines])


def consoles(lines: Sequence[str], attributes: Callable[[str], bool]) -> set[int]:
    """Return the lines that a console shows with a prompt that looks like a quotation mark, and their output.

    The lines of a run without blank lines are no quotation if those after a prompt are statements, and ``attributes``
    is False for every line above.
    """
    found: set[int] = set()
    if not any(map(PROMPT.match, lines)):
        return found
    begin = 0
    for at in range(len(lines) + 1):
        if at < len(lines) and attributes(lines[at]):
            break
        if at < len(lines) and lines[at].strip():
            continue
        run = range(begin, at)
        begin = at + 1
        if run and PROMPT.match(lines[run[0]]):
            prompted = [lines[n][prompt.end() :] for n in run if (prompt := PROMPT.match(lines[n]))]
            if are_statements(prompted):
                found.update(run)
    return found
