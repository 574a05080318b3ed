"""The words, in many languages, of the lines that say who wrote what is quoted below; parts of regular expressions."""

VERBS = (
    r"wrote|writes|said|says|schrieb|a (?:é|\?|=E9|Ã©)crit|écrivait|escribió|ha scritto|schreef|skrev|escreveu"
    r"|napisał\w*|написал\w*|пишет"
)
"""Verbs of an attribution line; the French one also as wrongly decoded mail has it."""
ORIGINAL = (
    "original message|original appointment|forwarded message|ursprüngliche nachricht|message d'origine|mensaje original"
    "|messaggio originale|oorspronkelijk bericht|originalmeddelande|mensagem original"
)
"""What mail programs write between dashes above a whole message."""
