"""Recognise lines of plain text that are code: console output, and statements that are not indented."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rostra.system.lazy_regex import late

PATCHED = late(r"[+-](?=[#/\w }])")
PROMPT = late(r"(?:>>>|>|\$|In \[\d+\]:) ?(?=\S)|\.\.\. ")
SESSION = late(r"\s{0,4}(?:>>>|>|\$|Browse\[\d+\]>|[\[\w][\w.@:~/\] -]{1,40}\$) +(\S.*)$")
"""A line of a session where ``>`` is no quotation mark, and what was typed."""
ABOVE = 1
"""The most lines above the first prompt of a session: more are a paragraph of their own."""
STATEMENT = late(
    r"\s*+(?:[}\])+]|#|//|/\*|function ?\(|<environment|(?:class|struct) \w+ *$|(?:public|private|protected): *$|(?:(?:\} ?)?else )?(?:if|for|while|switch|return) ?\(|else\b *\{? *$|(?:if|elif|for|while|until) .*; ?(?:then|do) *$|(?:fi|done|esac|then|do) *$|[\w.$@]++\s*+=[^=]|(?:library|import|require|install|make|cd|ls|git|R|from)\b(?!\.))"
)
ENDS = ("{", "}", ";", "+", "&&", "||", "%>%")
WITHIN = late(r"[\w.\]]\(|\w\$\w")
"""The beginnings, ends and contents of statements in the programming languages that mailing lists discuss."""
DATA = late(r"[\s(,]*+(?:(?:\"[^\"\n]*\"|'[^'\n]*'|-?\d[\d.e+-]*+)(?:[,\s()]++|$))++$")
"""A row of strings and numbers in a list."""
WORDS = late(r"(?:\b[^\W\d_]?[^\W\d_A-Z]{1,20}[,:]? +){3}[^\W\d_A-Z]{2}")
"""Four plain words in a row, in any alphabet: a sentence, though it may name a function."""
QUOTED = late(r"\"[^\"\n]*\"|(?<!\w)'[^'\n]*'|(?<!\w)#.*|\b(?:char|const|double|float|int|unsigned|void) ")
"""What programs do not read as names: strings, except between two apostrophes of words, comments behind ``#``, and the types of C."""
MARKS = late(r"[\"'#]|(?:char|const|double|float|int|unsigned|void) ")
"""What every one of these begins with; the search is faster."""
ARGUMENT = late(r"(?<!\S)(?:--?[A-Za-z]\S*|(?!\S*://)\S*(?:[\w.~]/\w|(?<!\S)/\w)\S*)")
"""An option of a command, or a path."""
ARGUMENTS, SEVERAL = 0.5, 4
"""The least share of options and paths among the words of a shell command or of the output of ``make``, and their least number."""
LOGGED = late(
    r"\s*+(?:(?=\S*[./])[\w./+~-]+:\d+:|make(?:\[\d+\])?: |configure: |In file included from |\S+ .*\.\.\. ?(?:\(cached\) )?\S{0,19}[^\s.,!?]$)"
)
"""A line that compilers, ``make``, ``configure`` or package checks print: a place in a file, or what is done and its result."""
OUTPUT = late(
    r"\s*+(?:\[\d+(?:\]|,)|\[,\d|Error\b.{0,200}:|Warning message|(?:NULL|_) *$|(?:character|integer|list|logical|numeric)\(0\) *$|<environment|function ?\(|\+ )"
)
"""A line that a console prints below a statement, or the prompt of the rest of a statement."""
LINES = 3
"""The fewest lines of a log; at most half of the others in its paragraph are sentences: mail programs break long lines, and commands are between them."""
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
    return bool(like_one) and WORDS.search(_unquoted(line)) is None


def are_statements(lines: Sequence[str]) -> bool:
    """Whether most of the lines are statements; the check ends once too many are not."""
    others = 0
    for line in lines:
        others += not is_statement(line)
        if len(lines) - others < LEAST * len(lines):
            return False
    return True


def is_code(lines: Sequence[str]) -> bool:
    """Whether a paragraph of two lines or more consists of statements, of a patch of them, of a command, a session or a log."""
    if len(lines) < 2:
        return False
    arguments = sum(len(ARGUMENT.findall(line)) for line in lines if "-" in line or "/" in line)
    if arguments >= SEVERAL and arguments >= ARGUMENTS * sum(len(line.split()) for line in lines):
        return True
    if any(map(SESSION.match, lines[: ABOVE + 1])):
        typed = [is_statement(prompt[1]) for prompt in map(SESSION.match, lines) if prompt]
        if 2 * sum(typed) >= len(typed):
            return True
    logged = sum(map(_is_logged, lines))
    if logged >= LINES and 2 * sum(map(_is_sentence, lines)) <= len(lines):
        return True
    return are_statements([line[1:] if PATCHED.match(line) else line for line in lines])


def prose_above(lines: Sequence[str]) -> int:
    """Return how many lines at the beginning of a paragraph are sentences: they may announce code below them.

    The last may be the end of a sentence, with a colon.
    """
    first = lines[0][:1]
    if not first.isalpha() or first.islower() or SESSION.match(lines[0]):
        return 0
    above = next((n for n, line in enumerate(lines) if "<-" in line or not _is_sentence(line)), len(lines))
    return above + (0 < above < len(lines) and lines[above].rstrip().endswith(":"))


def _is_logged(line: str) -> bool:
    return (":" in line or "..." in line or line.startswith("In ")) and LOGGED.match(line) is not None


def _is_sentence(line: str) -> bool:
    """Whether a line has several plain words in a row, and is neither a statement nor of a log."""
    return WORDS.search(_unquoted(line)) is not None and not _is_logged(line)


def _unquoted(line: str) -> str:
    """Return a line without what is quoted."""
    # Most prose has none.
    return QUOTED.sub(" ", line) if MARKS.search(line) else line


def consoles(lines: Sequence[str], attributes: Callable[[str], bool]) -> set[int]:
    """Return the lines that a console shows with a prompt that looks like a quotation mark, and their output.

    The lines of a run without blank lines are no quotation if those after a prompt are statements, and ``attributes``
    is False for every line above.  A line that ends with a colon may announce the run directly above it, if something is
    printed in it: otherwise the line may name the author of a quotation.
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
        if len(run) > 1 and lines[run[0]].rstrip().endswith(":") and lines[run[1]][:1] == ">":
            run = run[1:]
            if not _is_printed([lines[n] for n in run if not PROMPT.match(lines[n])]):
                continue
        if run and PROMPT.match(lines[run[0]]):
            prompted = [lines[n][prompt.end() :] for n in run if (prompt := PROMPT.match(lines[n]))]
            if are_statements(prompted):
                found.update(run)
    return found


def _is_printed(lines: Sequence[str]) -> bool:
    """Whether a console printed these lines, not an author who answers a quotation: it did one of them, or all are statements."""
    return any(map(OUTPUT.match, lines)) or (bool(lines) and all(map(is_statement, lines)))
