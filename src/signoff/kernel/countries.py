"""Countries by their code; what they are called depends on the reader."""

from signoff.kernel.formats import country_text


class Country(str):
    """A code of ISO 3166-1, two capital letters, that is shown to people by the country's name."""

    __slots__ = ()

    def in_language(self, language: str) -> str:
        """France (en), 法国 (zh-hans)."""
        return country_text(self, language)
