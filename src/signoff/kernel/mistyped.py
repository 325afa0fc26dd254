"""Words that differ by what fingers do."""

from jellyfish import damerau_levenshtein_distance


def mistyped(one: str, other: str, *, most: int) -> bool:
    """Do no more than `most` typing errors lie between them, or none?

    An error is a letter that was changed, added, left out, or swapped with its neighbour
    (Damerau 1964).
    """
    return abs(len(one) - len(other)) <= most and damerau_levenshtein_distance(one, other) <= most
