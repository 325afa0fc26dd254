"""What a bank takes as a name or a purpose. Checked when it is typed, and again when it is sent.

We never guess how a name is spelled in another script: since October 2025 banks in the euro area
compare the name with the account's holder (Regulation (EU) 2024/886), and 曾 is Zeng in one
passport and Tsang in another. Only accents are dropped, as EPC217-08 has it.
"""

import re
import unicodedata

from signoff.kernel.errors import InvalidValue
from signoff.kernel.words import gettext_noop as _

MOST_NAME = 70
"""Characters of a name in SEPA (EPC115-06, EPC132-08)."""
MOST_PURPOSE = 140
"""Characters of the unstructured remittance information."""
MOST_CHINESE = 60
"""Characters of a name that the batch templates of Chinese banks take."""

_SEPA = re.compile(r"[A-Za-z0-9/?:().,'+ -]*")
_REPLACED = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
        "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH",
        "ı": "i", "ħ": "h", "Ħ": "H", "ŋ": "n", "Ŋ": "N", "ŧ": "t", "Ŧ": "T", "ĸ": "k",
        "ə": "a", "Ə": "A",
        "’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "“": "'", "”": "'", "„": "'", '"': "'",
        "–": "-", "—": "-", "‐": "-", "‑": "-", "_": "-", "…": "...", "&": "+", ";": ",",
        "·": ".", "•": ".", "@": "(at)",
    }
)  # fmt: skip
_CHINESE_SIGNS = frozenset(" ·•.-'’()（）、，,&/")
_TURNING_AND_HIDDEN = {"Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"}


def half_width(text: str) -> str:
    """Full-width letters, digits and signs of a Chinese keyboard as ASCII; hidden signs removed."""
    narrow = text.translate({wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)})
    return "".join(sign for sign in narrow if unicodedata.category(sign) != "Cf")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def latin_text(text: str, field: str, most: int = MOST_NAME) -> str:
    """`text` in SEPA's letters: accents dropped (Müller → Muller), spaces made one.

    Raises InvalidValue: empty; a letter of another script, or a sign that no bank takes; longer
    than `most`, since a name cut short no longer is the holder's.
    """
    signs = unicodedata.normalize("NFC", half_width(text))
    plain = _one_line("".join(_without_accent(sign) for sign in signs))
    if not any(sign.isalnum() for sign in plain):
        raise InvalidValue("blank_name", _("Write the name of the account’s holder."), field=field)
    wrong = next((s for s in _one_line(signs) if not _SEPA.fullmatch(_without_accent(s))), None)
    if wrong is not None:
        raise InvalidValue(
            "latin_letters",
            _(
                "“%(sign)s” cannot stand in a European bank transfer: write it in Latin letters, as on the bank statement."
            ),
            field=field,
            sign=wrong if wrong.isprintable() else f"U+{ord(wrong):04X}",
        )
    return _no_longer(plain, field, most)


def _without_accent(sign: str) -> str:
    """ü → u, ß → ss, a lone accent → nothing; what has no Latin base stays."""
    parts = unicodedata.normalize("NFKD", sign.translate(_REPLACED))
    return "".join(s for s in parts if not unicodedata.combining(s)).translate(_REPLACED)


def chinese_name(text: str, field: str, most: int = MOST_CHINESE) -> str:
    """A name or purpose for a Chinese bank: letters of any script, digits, the usual signs.

    Begins with a letter, a digit or a bracket, so no spreadsheet takes it for a formula; it is
    refused, not altered, since the bank compares the name. Raises InvalidValue.
    """
    name = _one_line(unicodedata.normalize("NFC", text.replace("\u3000", " ")))
    if not any(sign.isalnum() for sign in name):
        raise InvalidValue("blank_name", _("Write the name of the account’s holder."), field=field)
    wrong = next((sign for sign in name if not _fits_chinese(sign)), None)
    if wrong is None and not (name[0].isalnum() or name[0] in "(（"):
        wrong = name[0]
    if wrong is not None:
        raise InvalidValue(
            "name_sign",
            _("“%(sign)s” cannot stand there: write the name exactly as the bank has it."),
            field=field,
            sign=wrong if wrong.isprintable() else f"U+{ord(wrong):04X}",
        )
    return _no_longer(name, field, most)


def _fits_chinese(sign: str) -> bool:
    kind = unicodedata.category(sign)
    return sign in _CHINESE_SIGNS or kind in {"Nd", "Mn", "Mc"} or kind.startswith("L")


def _no_longer(text: str, field: str, most: int) -> str:
    if len(text) > most:
        raise InvalidValue(
            "name_length",
            _(
                "A bank takes at most %(most)s characters; this has %(length)s. Write it as short as on the bank statement."
            ),
            field=field,
            most=most,
            length=len(text),
        )
    return text


def bank_words(text: str, most: int = 500) -> str:
    """What a bank wrote, on one line, without signs that hide or turn text, cut at `most`."""
    seen = (" " if s.isspace() else s for s in text)
    kept = (s for s in seen if unicodedata.category(s) not in _TURNING_AND_HIDDEN)
    return _one_line("".join(kept))[:most]
