"""How a file comes in: one of them, into memory, and never more of it than is looked at.

Django would keep a larger one in a folder of the system, open to whoever reads the disk. A photo
of an identity card is not written anywhere before it is cleaned and sealed.
"""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload

from signoff.evidence.rules import MAX_BYTES

STOP_AT = 4 * MAX_BYTES
"""Bytes after which the rest is not waited for: the connection is cut."""


class OneFile(FileUploadHandler):
    """The only handler. What is larger than MAX_BYTES is counted, and not kept whole.

    So a form must look at `size` before it reads: `evidence.rules.MAX_BYTES` is the most of all.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._taken = False
        self._kept = io.BytesIO()
        self._size = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A second file is read over: no page of ours asks for two."""
        super().new_file(*args, **kwargs)
        if self._taken:
            raise SkipFile
        self._taken = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's
        """Keeps one byte more than is taken: whoever looks at it sees that it is too large."""
        self._size += len(raw_data)
        if self._size > STOP_AT:
            raise StopUpload(connection_reset=True)
        self._kept.write(raw_data[: max(0, MAX_BYTES + 1 - self._kept.tell())])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:  # noqa: ARG002 - Django's
        """`size` is what was sent; what was kept of it may be less."""
        self._kept.seek(0)
        return InMemoryUploadedFile(
            file=self._kept,
            field_name=self.field_name,
            name="file",  # what it was called is nobody's business
            content_type=None,
            size=self._size,
            charset=None,
        )
