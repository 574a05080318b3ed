"""Words with which pages say that a post was changed."""

from __future__ import annotations

import re

from rostra.readers.copied.slots import TIME
from rostra.system.lazy_regex import late

_WORDS = (
    r"edited|updated|modified|bearbeitet|geändert|modifiée?|editad[oa]|modificad[oa]|modificat[oa]|измен[её]но?|отредактировано|"
    r"redigerad|redigeret|redigert|muokattu|bewerkt|aangepast|edytowan[eoy]|zmodyfikowan[eoy]|upraveno|szerkesztve|düzenlendi|"
    r"відредаговано|змінено|diedit|đã chỉnh sửa|編集済み?|已編輯|已编辑|编辑过|수정됨|معدّ?ل|تم التعديل|נערך"
)
EDITED = late(rf"\b(?:{_WORDS})\b", re.IGNORECASE)
"""One of these words."""
_BEHIND = late(rf"(?<={TIME})(?:\W{{0,3}}(?:{_WORDS})[)\]]?|\s?\((?:[^()]*\W)?(?:{_WORDS})\b[^()]*\))$", re.IGNORECASE)
"""Such a word at the end of a line, directly behind a time or in brackets: "(last edited 5 March by Ada)"."""


def matched_unedited(expression: re.Pattern[str], line: str) -> re.Match[str] | None:
    """Match a whole line, or what it is without such a word behind its time: a learned layout lacks the word, since few posts are edited."""
    found = expression.fullmatch(line)
    behind = _BEHIND.search(line) if found is None and TIME in line else None
    return expression.fullmatch(line, 0, behind.start()) if behind else found
