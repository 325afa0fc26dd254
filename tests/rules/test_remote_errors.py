"""What a remote answered can be kept, whatever it was."""

from hypothesis import example, given
from hypothesis import strategies as st

from signoff.ports.errors import Permanent


@example("\0")
@example("half \ud800 a pair")
@given(st.text())
def test_any_answer_can_be_kept_with_the_receipt(answer: str) -> None:
    error = Permanent("hlr", f"not understood: {answer}", raw=answer)
    (error.raw + error.detail + str(error)).encode()
    assert "\0" not in error.raw + error.detail + str(error)
    assert len(error.raw) == len(answer)
