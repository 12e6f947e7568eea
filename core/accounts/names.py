"""What a person wants to be called: any script, no tricks. The profile form is the only caller."""

import unicodedata

LIMIT = 80
JOINERS = {"\u200d", "\u200c"}


def cleaned(name):
    """`name` in one line, without control characters and direction overrides, and with single spaces."""
    name = "".join(" " if character.isspace() else character for character in unicodedata.normalize("NFC", name))
    # Joiners shape Indic and Arabic words and hold emoji together; every other format character only hides something.
    kept = (c for c in name if c in JOINERS or unicodedata.category(c)[0] != "C")
    return " ".join("".join(kept).split())


def letters(name):
    """How many characters a reader sees: marks, variation selectors and what a joiner ties on count with their base."""
    count, tied = 0, False
    for character in name:
        if character in JOINERS:
            tied = True
        elif unicodedata.category(character)[0] == "M" or 0x1F3FB <= ord(character) <= 0x1F3FF:
            continue
        else:
            count += not tied
            tied = False
    return count
