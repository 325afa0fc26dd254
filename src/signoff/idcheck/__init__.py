"""A look at the picture of an identity document, on our own machine. It advises; a person decides.

Installed by the extra `signoff[idcheck]`. Without it `available()` is false and nothing else is
missing: a reviewer looks at the picture without advice. What is read from a document lives only as
long as the look: an `Advice` holds reasons, never a name, a number or an address.

Importing this package is cheap. The libraries that see pictures are imported by `picture`,
`reading` and `quality`, which only `child` should run: in a process of its own (`advise_in_child`).
"""

from importlib.util import find_spec

from signoff.idcheck.verdicts import Advice, Kind, Quality, Reason, Verdict
from signoff.kernel.errors import SignoffError

__all__ = ["Advice", "Kind", "Quality", "Reason", "Unavailable", "Verdict", "available"]

_LIBRARIES = ("rapidocr", "onnxruntime", "cv2", "numpy", "PIL")


class Unavailable(SignoffError):
    """The extra is not installed: `pip install signoff[idcheck]`."""


def available() -> bool:
    """Whether the extra is installed. Imports nothing of it."""
    return all(find_spec(name) is not None for name in _LIBRARIES)
