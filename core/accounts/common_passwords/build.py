"""Write long.txt.gz: passwords of 12 or more characters that attackers try first.

Django's list is ordered by how often a password was found in leaks, but only 194 of its entries reach 12 characters.
People who are asked for more length repeat, join and number what they know, so this does the same with the most frequent
entries. The result depends on nothing but Django's list: run it again after an upgrade of Django.
"""

import gzip
import sys
from itertools import product
from pathlib import Path

from django.contrib.auth import password_validation

DJANGO_LIST = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
MIN_LENGTH = 12
# What people put behind a word when a form asks for more.
ENDINGS = (
    "1", "12", "123", "1234", "12345", "123456", "1234567", "12345678", "123456789", "1234567890", "!", "1!", "123!", "321",
    "111", "000", "007", "69", "99", "01", "2000", "2001", "2010", "2015", "2018", "2019", "2020", "2021", "2022", "2023", "2024",
    "2025", "2026", "2027", "abc", "qwe", "qwerty", "admin", "pass", "password",
)  # fmt: skip
# Long ones that were found in leaks as they stand.
KNOWN = (
    "correcthorsebatterystaple", "correct horse battery staple", "thequickbrownfox", "the quick brown fox", "letmeinplease",
    "iloveyouforever", "iloveyousomuch", "changemechangeme", "administrator", "administrator1", "passwordpassword",
    "thisismypassword", "mypasswordis", "iforgotmypassword", "nevergiveyouup", "maytheforcebewithyou", "ilovemyfamily",
    "manchesterunited", "liverpoolfc1892", "realmadrid1902", "fcbarcelona1899", "welcomewelcome", "welcome12345", "hello123456",
    "summer2024!!", "winter2024!!", "spring2024!!", "autumn2024!!",
)  # fmt: skip
# Walks over the keys of a US, a German and a French keyboard, row by row and column by column.
ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn")
COLUMNS = ("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik", "9ol", "0p")


def django_list():
    with gzip.open(DJANGO_LIST, "rt", encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip().isascii() and line.strip()]


def walks():
    """Joined rows and columns, forwards, backwards and zigzag between two of them."""
    for first in (*ROWS, *COLUMNS):
        for second in (*ROWS, *COLUMNS):
            yield first + second
            yield first + second[::-1]
            yield first[::-1] + second[::-1]
            yield "".join(a + b for a, b in zip(first, second, strict=False)) + first[len(second) :]
            for third in COLUMNS:
                yield first + second + third
    for three in zip(COLUMNS, COLUMNS[1:], COLUMNS[2:], strict=False):
        for ways in product((1, -1), repeat=3):
            yield "".join(column[::way] for column, way in zip(three, ways, strict=True))


def entries():
    """Every entry once, most frequent first."""
    frequent = django_list()
    words = [word for word in frequent if word.isalpha() and len(word) >= 4]
    yield from KNOWN
    yield from (word for word in frequent if len(word) >= MIN_LENGTH)
    for word in frequent[:4000]:
        yield word * 2
        yield word * 3
    for word in words[:1200]:
        for ending in ENDINGS:
            yield word + ending
    for first in words[:70]:
        for second in words[:70]:
            yield first + second
    yield from walks()


def main():
    chosen = sorted({entry for entry in entries() if MIN_LENGTH <= len(entry) <= 40})
    target = Path(__file__).with_name("long.txt.gz")
    # No time stamp and no name in the file: the same entries make the same bytes.
    with target.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as file:
        file.write("\n".join(chosen).encode())
    sys.stdout.write(f"{len(chosen)} entries in {target}\n")


if __name__ == "__main__":
    main()
