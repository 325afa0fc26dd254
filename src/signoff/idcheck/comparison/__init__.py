"""Is what was read what was registered? Pure, and slow to say yes."""

from enum import StrEnum


class Sameness(StrEnum):
    """`SAME` is said only where nothing had to be guessed."""

    SAME = "same"
    MORE = "more"
    """Of names: all that were registered are there, and further ones."""
    NEARLY = "nearly"
    """Differs only as an OCR misreads, or as a clerk shortens: for a person to judge."""
    DIFFERENT = "different"
    OTHER_SCRIPT = "other_script"
    """Of names: not written in the same script, so there is nothing to compare."""
    OTHER_PAPER = "other_paper"
    """Of numbers: the registered one is of another kind of paper than the one shown."""
    UNREADABLE = "unreadable"
    """Of names: the registered one has a sign that the OCR does not know, so it cannot be there."""
    UNREAD = "unread"
    UNREGISTERED = "unregistered"
