"""What a customer types, as the forms count it."""

import pytest

from signoff.portal.answer_forms import AnswerForm, AppealForm, MessageForm
from signoff.portal.forms import QuestionForm


@pytest.mark.parametrize(
    ("form", "most"), [(AnswerForm, 1000), (AppealForm, 1000), (MessageForm, 4000)]
)
def test_the_end_of_a_line_counts_once_as_in_the_browser(
    form: type[QuestionForm], most: int
) -> None:
    typed = "a line\n" * (most // 7) + "x" * (most % 7)
    sent = form({"text": typed.replace("\n", "\r\n")})
    assert sent.is_valid(), sent.errors
    assert sent.cleaned_data["text"] == typed.strip()
    assert not form({"text": typed + "x"}).is_valid()
