"""The error tree.

    SignoffError
    ├── Refusal             a person asked for something that cannot be; they can act on the words
    │   └── InvalidValue    a single value does not fit; names the field
    ├── Conflict            somebody else was first: the row is no longer in the expected state
    └── ports.errors.RemoteError
        ├── Temporary       try again later
        └── Permanent       a person must look

A `Refusal` carries its words as an English template and its parameters apart, so that the
interface can say it in the reader's language.
"""

from collections.abc import Mapping


class SignoffError(Exception):
    """Root of all errors that Signoff raises on purpose."""


class Refusal(SignoffError):
    """A request that cannot be met, in words that name the thing and the fix.

    `template` is an English text marked with `gettext_noop`, with `%(name)s` places;
    `code` is stable and meant for programs.
    """

    def __init__(self, code: str, template: str, **params: object) -> None:
        self.code = code
        self.template = template
        self.params: Mapping[str, object] = params
        super().__init__(template % params if params else template)


class InvalidValue(Refusal):
    """A single value that does not fit. `field` names where it came from."""

    def __init__(self, code: str, template: str, *, field: str = "", **params: object) -> None:
        self.field = field
        super().__init__(code, template, **params)


class Conflict(SignoffError):
    """The row was changed by somebody else first; nothing was written."""
