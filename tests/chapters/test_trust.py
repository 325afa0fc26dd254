"""What is official comes from the operator's settings."""

from pytest_django import Settings

from signoff.trust.queries import officials
from signoff.trust.rules import judge
from signoff.trust.verdict import Standing


def test_our_own_address_and_senders_are_official_without_being_listed(settings: Settings) -> None:
    settings.SIGNOFF = settings.SIGNOFF.model_copy(
        update={
            "public_url": "https://close.boom.example",
            "official_hosts": ["Boom.example"],
            "official_numbers": ["+86 400 820 0000"],
            "official_senders": [],
            "smsc_sender": "Boom",
            "mail_sender": "Boom <care@boom.example>",
        }
    )
    ours = officials()
    for text in (
        "https://close.boom.example/account/",
        "https://boom.example",
        "400 820 0000",
        "Boom",
        "care@boom.example",
    ):
        assert judge(text, ours).standing is Standing.OFFICIAL, text
    assert judge("Boom <care@boom.example>", ours).standing is not Standing.OFFICIAL
    assert judge("https://boom.example.cn", ours).standing is Standing.SUSPICIOUS
