"""Every reason that a look can give. Pure.

They stand in one place so that the answer of the child process can be held against them.
"""

from datetime import date

from signoff.kernel.words import gettext_noop as _

TEMPLATES = {
    "number_same": _("The number is the one registered."),
    "number_nearly": _(
        "The number reads almost like the one registered: compare them sign by sign."
    ),
    "number_unregistered": _(
        "No number was registered for this person, so there is none to compare."
    ),
    "number_different": _("The number is not the one registered."),
    "number_doubtful": _(
        "The number could not be read surely and does not seem to be the one registered."
    ),
    "number_other_paper": _(
        "The number registered is of another kind of paper, so there is none to compare."
    ),
    "number_renewed": _(
        "The number is not the one registered: somebody else's document, or one that was renewed."
    ),
    "number_unread": _("The number could not be found in the picture."),
    "name_same": _("The name is the one registered."),
    "name_more": _("All names that were registered are on the document, and it has further ones."),
    "name_nearly": _("The name reads almost like the one registered: compare by eye."),
    "name_other_script": _(
        "The name is registered in another script than could be read: compare by eye."
    ),
    "name_unreadable": _(
        "The name has a sign that our program cannot read, so it could not be compared: do it by eye."
    ),
    "name_unregistered": _("No name was registered, so there is none to compare."),
    "name_different": _("The name is not the one registered."),
    "name_doubtful": _("The name reads unlike the one registered: compare by eye."),
    "name_unread": _("The name could not be found in the picture."),
    "expiry_unread": _("Until when it is valid could not be read."),
    "expired": _("The document was valid until %(day)s."),
    "valid": _("The document is valid until %(day)s."),
    "birth_impossible": _("The date of birth cannot be right."),
    "minor": _("The person is %(years)s years old."),
    "nothing_read": _("No text was found in the picture."),
    "check_digit": _("The last sign of the number does not fit the others: misread, or altered."),
    "birth_unread": _("The date of birth could not be read."),
    "birth_contradicts": _(
        "The date of birth is not the one within the number: misread, or altered."
    ),
    "sex_contradicts": _("The sex is not the one within the number: misread, or altered."),
    "valid_for_life": _("The document is valid for life."),
    "issued_later": _("The date of issue is in the future."),
    "term_not_of_age": _(
        "The card's term is not one for the age of the person registered: whose card is it?"
    ),
    "odd_term": _("Such a card is valid for 5, 10 or 20 years: look at the dates."),
    "no_machine_lines": _(
        "The lines with < signs at the bottom of the document could not be read."
    ),
    "printed_number_differs": _(
        "The number in print is not the one in the lines with < signs: misread, or altered."
    ),
    "printed_name_unread": _(
        "Not every part of the name in the lines with < signs was found in print: compare by eye."
    ),
    "printed_birth_differs": _(
        "The date of birth in print is not the one in the lines with < signs: misread, or altered."
    ),
    "printed_expiry_differs": _(
        "The date of expiry in print is not the one in the lines with < signs: misread, or altered."
    ),
    "printed_sex_differs": _(
        "The sex in print is not the one in the lines with < signs: misread, or altered."
    ),
    "printed_unread": _(
        "Not all that is printed could be held against the lines with < signs: compare by eye."
    ),
    "number_check_digit": _("The check digit of the number does not fit: misread, or altered."),
    "birth_check_digit": _(
        "The check digit of the date of birth does not fit: misread, or altered."
    ),
    "expiry_check_digit": _(
        "The check digit of the date of expiry does not fit: misread, or altered."
    ),
    "last_check_digit": _("The check digit over all the lines does not fit: misread, or altered."),
    "other_side": _("This is the other side of the card."),
    "other_document": _("This does not look like the document that was asked for."),
    "other_size": _("The lines are those of another kind of document than was asked for."),
    "cut_off": _("The document seems to be cut off: keep a margin all around it."),
    "too_small": _("The picture is small: go closer, or use a better one."),
    "too_dark": _("The picture is dark: more light would help."),
    "too_faint": _("The picture has little contrast: is it foggy?"),
    "blurred": _("The picture is blurred: hold the camera still."),
    "glare": _("Light is mirrored on the document: tilt it a little."),
    "screen_photo": _("This looks like a photo of a screen: take one of the document itself."),
    "took_too_long": _("The picture could not be read in time."),
    "reading_failed": _("The picture could not be read by the machine."),
    "no_picture": _("The file is not a picture that can be read."),
    "picture_too_large": _("The picture has more than %(most)s million pixels."),
}

PARAMS: dict[str, type] = {"day": date, "years": int, "most": int}
"""Of all templates together."""
