"""What a stranger may have written, on its way to a terminal."""


def printable(text: str) -> str:
    """Each sign that is not seen, or cannot be written at all, becomes U+FFFD: it must not steer
    the reader's terminal, nor stop the program that warns of it."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
