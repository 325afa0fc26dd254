"""What the letters of a review say: questions, refusals, appeals, reminders, messages."""

from django.utils import translation
from django.utils.translation import gettext as _

from signoff.kernel.formats import list_text
from signoff.notice.layout import CaseWords, Wording, answerable, case_letter, sign_off


def _refused(words: CaseWords) -> Wording:
    return case_letter(
        words,
        _("We could not approve your closing: case %(number)s") % {"number": words.number},
        *_refusal(words),
        _("Nothing has changed on %(lines)s.") % {"lines": words.lines},
        _(
            "If you see it differently, you can appeal until %(date)s on the page of the case: then another person looks at it, from the beginning."
        )
        % {"date": words.date},
        *_photos_until(words),
    )


def _photos_until(words: CaseWords) -> tuple[str, ...]:
    if not words.photos:
        return ()
    return (
        _(
            "Your photos stay with us until %(date)s, so that another person can look at them if you appeal. On the page of the case you can have them deleted at once: then an appeal is decided without them."
        )
        % {"date": words.photos},
    )


def _photos_go(words: CaseWords) -> tuple[str, ...]:
    if not words.photos:
        return ()
    return (
        _(
            "Your photos are deleted after %(date)s. On the page of the case you can have it done at once."
        )
        % {"date": words.photos},
    )


def _refusal(words: CaseWords) -> tuple[str, ...]:
    reason = _("In the words of the person who decided: %(reason)s") % {"reason": words.reason}
    if not words.ground:
        return (reason,)
    return (_("The ground is: %(ground)s.") % {"ground": _(words.ground)}, reason)


def _refused_finally(words: CaseWords) -> Wording:
    return case_letter(
        words,
        _("We could not approve your closing after your appeal: case %(number)s")
        % {"number": words.number},
        *_refusal(words),
        _("Nothing has changed on %(lines)s.") % {"lines": words.lines},
        _(
            "Two people have looked at it by now, and with us this is the end of it. The authority that watches over carriers, a consumer body or a court can look at it from outside."
        ),
        *_photos_go(words),
    )


def _appealed(words: CaseWords) -> Wording:
    return case_letter(
        words,
        _("We have your appeal: case %(number)s") % {"number": words.number},
        _(
            "Another person looks at it from the beginning, by %(date)s at the latest. You need to do nothing."
        )
        % {"date": words.date},
    )


def _more_info(words: CaseWords) -> Wording:
    return case_letter(
        words,
        _("We have a question about your closing: case %(number)s") % {"number": words.number},
        *_asked(words),
    )


def _asked(words: CaseWords) -> tuple[str, ...]:
    wanted = list_text([_(one) for one in words.wanted], translation.get_language())
    return (
        _("To decide we still need: %(wanted)s.") % {"wanted": wanted},
        words.reason,
        _("Please answer by %(date)s on the page of the case. You can also undo the closing there.")
        % {"date": words.date},
        _("Send no papers by e-mail: the page of the case keeps them safe."),
    )


def _more_info_reminder(words: CaseWords) -> Wording:
    return case_letter(
        words,
        _("Our question about your closing is still open: case %(number)s")
        % {"number": words.number},
        *_asked(words),
        _(
            "If we hear nothing by then, your closing is not dropped: a person decides with what is there."
        ),
    )


def _appeal_reminder(words: CaseWords) -> Wording:
    return case_letter(
        words,
        _("Your time to appeal ends soon: case %(number)s") % {"number": words.number},
        _(
            "We could not approve your closing. If you see it differently, you can appeal until %(date)s on the page of the case: then another person looks at it, from the beginning."
        )
        % {"date": words.date},
        *_photos_go(words),
        _(
            "If you leave it as it is, you need to do nothing. You can ask to close again at any time."
        ),
    )


def _confirm_reminder(words: CaseWords) -> Wording:
    return case_letter(
        words,
        _("We still wait for you: case %(number)s") % {"number": words.number},
        _(
            "The amount of your closing has changed, and nothing is closed until you have looked at it. You can confirm it on the page of the case, or undo the closing there."
        ),
        _("There is no hurry: %(lines)s works until then, and may cost something.")
        % {"lines": words.lines},
    )


def _place_reminder(words: CaseWords) -> Wording:
    return case_letter(
        words,
        _("Your money still waits: case %(number)s") % {"number": words.number},
        _(
            "A part of your money waits for you to say where it should go. You can do that on the page of the case."
        ),
        _("It stays yours until then, and we never ask for bank details in a message or a call."),
    )


def _draft_photos(words: CaseWords) -> Wording:
    """A draft has no page to be looked up: no number, no code."""
    return Wording(
        _("Photos that you added are deleted soon"),
        "\n\n".join(
            [
                _("Hello %(name)s,") % {"name": words.name},
                _(
                    "You have begun to close %(lines)s and not sent it. The photos that you added for it are deleted on %(date)s; your answers stay."
                )
                % {"lines": words.lines, "date": words.photos},
                _("If you do not want to close it any more, you need to do nothing."),
                sign_off(),
            ]
        ),
    )


def _cooling_off_ends(words: CaseWords) -> Wording:
    return case_letter(
        words,
        _("Your line is closed soon: case %(number)s") % {"number": words.number},
        _("We close %(lines)s on %(date)s. Until then you can undo it on the page of the case.")
        % {"lines": words.lines, "date": words.date},
        _("If that is what you want, you need to do nothing."),
    )


def _message(words: CaseWords) -> Wording:
    """What was written stays on the page: a mailbox may be read by others."""
    wording = case_letter(
        words,
        _("There is a message for you: case %(number)s") % {"number": words.number},
        _("We have written to you about your closing. You can read it on the page of the case."),
        _("You can answer there, or by answering this letter.")
        if words.answer_to
        else _("You can answer there."),
    )
    return answerable(wording) if words.answer_to else wording


REVIEW_LETTERS = {
    "refused": _refused,
    "refused_finally": _refused_finally,
    "appealed": _appealed,
    "more_info": _more_info,
    "more_info_reminder": _more_info_reminder,
    "cooling_off_ends": _cooling_off_ends,
    "appeal_reminder": _appeal_reminder,
    "confirm_reminder": _confirm_reminder,
    "place_reminder": _place_reminder,
    "draft_photos": _draft_photos,
    "message": _message,
}
