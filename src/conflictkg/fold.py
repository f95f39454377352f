"""Keys by which spellings of one name meet: Ukrainian, Russian, and their transliterations."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CYRILLIC = str.maketrans(
    {
        **dict(zip("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", (
            "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch _ iu ia"
        ).replace("_", "'").split(), strict=True)),
        "ё": "io", "ъ": "'", "ы": "y", "э": "e",
    }
)  # fmt: skip
_APOSTROPHES = re.compile(r"['`´’ʼ‘ʹ]")
_NOT_WORD = re.compile(r"[\W_]+")
_MARKS = re.compile(r"[\u0300-\u036f]")
_FOLDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"shch|sch", "sh"),
        (r"zh?s(?=k)", "z"),  # Krasnoyaruzhsky, Krasnoiaruzkyi
        (r"ph", "f"),
        (r"x", "ks"),
        (r"ck|q|c(?!h)", "k"),  # Cavoli, Kavoli
        (r"w", "v"),
        (r"kh|g", "h"),  # Hetman, Getman; Kharkiv, Harkiv
        (r"[eijy]+", "i"),  # Andriy, Andrey, Andrii; Belgorod, Bilhorod
        (r"i(?=[aou])", ""),  # Zaporizhzhia, Zaporizhzha
        (r"(.)\1+", r"\1"),  # Prylissia, Prylisia
        (r"ovk", "ivk"),  # Popovka, Popivka
    )
)


def plain(text: str) -> str:
    """Return a text in small letters without accents and punctuation.

    >>> plain("  Röpcke,  Julian ")
    'ropcke julian'
    """
    small = text.casefold()
    if not small.isascii():
        small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        small = _MARKS.sub("", small)
    return _NOT_WORD.sub(" ", _APOSTROPHES.sub("", small)).strip()


def fold(text: str) -> str:
    """Return the key that the spellings of a Slavic name share, whatever the script.

    Cyrillic becomes Latin by one table for both languages (that of the Ukrainian resolution 55 of
    2010, with the nearest for the Russian letters). Then i, y, e and their combinations become one
    letter; h, g and kh, c and k as well; soft signs and doubled letters go; -ovka is -ivka.

    >>> {fold(name) for name in ("Demydivka", "Demidovka", "Демидівка", "Демидовка")}
    {'dimidivka'}
    """
    small = text.casefold()
    if not small.isascii():
        small = small.translate(_CYRILLIC)
    return " ".join(map(_fold_word, plain(small).split()))


@lru_cache(maxsize=1 << 16)
def _fold_word(word: str) -> str:
    for pattern, replacement in _FOLDS:
        word = pattern.sub(replacement, word)
    return word
