"""Which of the box's two languages a reader wants."""


def speaks_chinese(accept_language: str) -> bool:
    """By the Accept-Language header (RFC 9110 section 12.5.4); English if in doubt."""
    wishes: list[tuple[float, str]] = []
    for part in accept_language.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            wishes.append((float(quality or 1), tag.lower()))
        except ValueError:
            continue
    for weight, tag in sorted(wishes, key=lambda wish: -wish[0]):
        if weight > 0 and tag.startswith(("zh", "en")):
            return tag.startswith("zh")
    return False
