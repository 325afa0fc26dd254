"""Web push: which addresses are called, what is sealed, who we say we are."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from signoff.adapters.web_push.lookup import public_addresses
from signoff.adapters.web_push.sealing import LONGEST, RECORD, seal, sealed
from signoff.adapters.web_push.vapid import authorization
from signoff.closing.rules import UNDO_WITHIN
from signoff.config import Config
from signoff.kernel.errors import InvalidValue
from signoff.kernel.push_key import told_to_browsers
from signoff.kernel.push_services import PushServices, service
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.pushes import Browser
from signoff.push.rules import SETTLES, browser, topic_of
from tests.peers.user_agent import base64url, from_base64url, opened, point_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KNOWN = PushServices(Config.model_fields["push_services"].default)
OWN = PushServices(["https://push.boom.example:8443", "http://127.0.0.1:8601"])


@pytest.mark.parametrize(
    "address",
    [
        "https://fcm.googleapis.com/fcm/send/dE:APA91b_x-Y",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA=",
        "https://web.push.apple.com/QFx",
        "https://wns2-db5p.notify.windows.com/w/?token=BQY%3d%3d",
    ],
)
def test_the_services_of_the_known_browsers_are_called(address: str) -> None:
    place = KNOWN.place(address)
    assert place
    assert not place.is_own
    assert address.startswith(f"{place.origin}/")


@pytest.mark.parametrize(
    "address",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com:443/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/fcm.googleapis.com/",
        "https://evilpush.apple.com.example/x",
        "https://push.apple.com/x",
        "https://notpush.apple.com/x",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com@evil.example/x",
        "https://fcm.googleapis.com\\@evil.example/x",
        "https://fcm.googleapis.com/x#part",
        "https://fcm.googleapis.com/x y",
        "https://fcm.googleapis.com/x\r\nHost: evil.example",
        "https://fcm.googleapis.com/x\n",
        "https://fcm.googleapis.com.",
        "https://FCM.googleapis.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://2130706433/x",
        "https://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "//fcm.googleapis.com/x",
        "",
        "https://fcm.googleapis.com/" + "x" * 1000,
    ],
)
def test_no_other_address_is_called(address: str) -> None:
    assert KNOWN.place(address) is None


@given(st.text(max_size=40), st.sampled_from(["", "https://", "https://fcm.googleapis.com"]))
def test_whatever_is_called_is_on_the_list(rest: str, begin: str) -> None:
    place = KNOWN.place(begin + rest)
    if place:
        assert re.fullmatch(r"https://fcm\.googleapis\.com/.*", begin + rest)
        assert place.host == "fcm.googleapis.com"


def test_a_service_of_the_operators_own_is_named_whole() -> None:
    place = OWN.place("https://push.boom.example:8443/x")
    assert place
    assert place.is_own
    assert OWN.place("http://127.0.0.1:8601/push/to/x")
    assert OWN.place("https://push.boom.example/x") is None
    assert OWN.place("http://127.0.0.1:8602/x") is None
    assert OWN.place("http://127.0.0.1:8601@evil.example/x") is None


@pytest.mark.parametrize("entry", ["push.example", "*.push.example", "https://push.example:8443"])
def test_entries_of_the_list(entry: str) -> None:
    assert service(f" {entry.upper()} ") == entry


@pytest.mark.parametrize(
    "entry", ["*", "*.com", "10.0.0.1", "localhost", "push.example/x", "http://push.example:80", ""]
)
def test_entries_that_would_open_too_much_are_refused(entry: str) -> None:
    with pytest.raises(InvalidValue):
        service(entry)


@pytest.mark.parametrize(
    "within",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1",  # noqa: S104
        "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "2002:0a00:0001::", "64:ff9b::a00:1", "rubbish",
    ],
)  # fmt: skip
def test_a_name_that_leads_into_a_private_network_is_not_called(within: str) -> None:
    for addresses in ([within], ["142.250.1.1", within]):
        with pytest.raises(Permanent, match="private network"):
            public_addresses("fcm.googleapis.com", lambda _host, found=addresses: found)  # type: ignore[misc]


def test_the_addresses_that_were_looked_at_are_those_that_are_called() -> None:
    one, other = "64:ff9b::8efa:101", "142.250.1.1"
    for found in ([one, other], [other, one], [other], [one, one, other, other]):
        called = public_addresses("fcm.googleapis.com", lambda _host, found=found: found)  # type: ignore[misc]
        assert called == list(dict.fromkeys(found))


def test_of_many_addresses_one_of_each_kind_is_called() -> None:
    found = ["2a00:1450::1", "2a00:1450::2", "142.250.1.1", "142.250.1.2"]
    assert public_addresses("fcm.googleapis.com", lambda _host: found) == [found[0], found[2]]


def test_a_name_that_cannot_be_found_is_tried_later() -> None:
    def fails(_host: str) -> list[str]:
        raise OSError

    with pytest.raises(Temporary):
        public_addresses("fcm.googleapis.com", fails)
    with pytest.raises(Temporary):
        public_addresses("fcm.googleapis.com", lambda _host: [])


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(from_base64url(text), "big"), ec.SECP256R1())


EXAMPLE = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
    "lcy4a-fN"
)
RECEIVER = private_key("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")
SECRET = from_base64url("BTBZMqHH6r4Tts7J_aSIgg")


def test_the_seal_is_that_of_the_standard() -> None:
    """RFC 8291 section 5 and appendix A."""
    body = seal(
        b"When I grow up, I want to be a watermelon\x02",
        public_key=point_of(RECEIVER),
        secret=SECRET,
        sender=private_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        salt=from_base64url("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert base64url(body) == EXAMPLE


def test_the_browser_of_our_tests_opens_the_example_of_the_standard() -> None:
    text = opened(from_base64url(EXAMPLE), key=RECEIVER, secret=SECRET)
    assert text == b"When I grow up, I want to be a watermelon"


@given(st.binary(max_size=LONGEST))
def test_what_is_sealed_is_opened_by_the_browser_alone(text: bytes) -> None:
    body = sealed(text, public_key=point_of(RECEIVER), secret=SECRET)
    assert len(body) <= RECORD
    assert opened(body, key=RECEIVER, secret=SECRET) == text
    assert body != sealed(text, public_key=point_of(RECEIVER), secret=SECRET)


def test_nobody_else_opens_it() -> None:
    body = sealed(b"Approved", public_key=point_of(RECEIVER), secret=SECRET)
    with pytest.raises(InvalidTag):
        opened(body, key=ec.generate_private_key(ec.SECP256R1()), secret=SECRET)
    with pytest.raises(InvalidTag):
        opened(body, key=RECEIVER, secret=bytes(16))


def test_the_length_does_not_tell_the_sentence() -> None:
    lengths = {
        len(sealed(text, public_key=point_of(RECEIVER), secret=SECRET))
        for text in (b"", b"Approved", b"We could not approve it", b"x" * 500)
    }
    assert len(lengths) == 1


def test_what_is_too_long_or_for_no_key_is_not_sealed() -> None:
    with pytest.raises(ValueError, match="more than"):
        sealed(bytes(LONGEST + 1), public_key=point_of(RECEIVER), secret=SECRET)
    with pytest.raises(ValueError, match="Invalid EC key"):
        sealed(b"x", public_key=b"\x04" + bytes(64), secret=SECRET)


def verified(header: str) -> dict[str, object]:
    """The claims, if the signature fits. Raises InvalidSignature."""
    found = re.fullmatch(r"vapid t=([\w-]+\.[\w-]+)\.([\w-]+), k=([\w-]+)", header)
    assert found
    raw = from_base64url(found[2])
    r, s = (int.from_bytes(half, "big") for half in (raw[:32], raw[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64url(found[3]))
    key.verify(encode_dss_signature(r, s), found[1].encode(), ec.ECDSA(hashes.SHA256()))
    head, claims = (json.loads(from_base64url(part)) for part in found[1].split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    return dict(claims)


def test_our_reading_of_the_note_takes_the_example_of_the_standard() -> None:
    """RFC 8292 section 2.4."""
    example = (
        "vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQ"
        "iLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptF"
        "OepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA, k=BA1Hxzyi1RUM1b5w"
        "jxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
    )
    assert verified(example) == {
        "aud": "https://push.example.net",
        "exp": 1453523768,
        "sub": "mailto:push@example.com",
    }


def test_the_note_says_for_whom_until_when_and_who() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    header = authorization(
        key=key, origin="https://push.example", contact="mailto:care@boom.example", now=NOON
    )
    claims = verified(header)
    assert claims["aud"] == "https://push.example"
    assert claims["sub"] == "mailto:care@boom.example"
    until = int((NOON + timedelta(days=1)).timestamp())
    assert int(NOON.timestamp()) < int(str(claims["exp"])) <= until
    assert header.endswith(f"k={told_to_browsers(key)}")


def asked(**changes: str) -> Browser:
    wanted = {
        "endpoint": "https://web.push.apple.com/Qx",
        "public_key": base64url(point_of(RECEIVER)),
        "secret": base64url(SECRET),
    }
    return browser(**wanted | changes, services=KNOWN)


def test_what_a_browser_sends_is_read() -> None:
    found = asked()
    assert found == Browser("https://web.push.apple.com/Qx", point_of(RECEIVER), SECRET)
    assert asked(secret=base64url(SECRET) + "==") == found
    assert "apple" not in repr(replace(found))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"endpoint": "https://evil.example/x"}, "push_service"),
        ({"endpoint": "https://10.0.0.1/x"}, "push_service"),
        ({"public_key": ""}, "push_key"),
        ({"public_key": base64url(b"\x04" + bytes(64))}, "push_key"),
        ({"public_key": base64url(point_of(RECEIVER)[:64])}, "push_key"),
        ({"public_key": "ü" * 87}, "push_key"),
        ({"secret": base64url(SECRET[:15])}, "push_key"),
        ({"secret": "!" * 22}, "push_key"),
    ],
)
def test_what_no_browser_would_send_is_refused(changes: dict[str, str], code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        asked(**changes)
    assert refused.value.code == code


def test_a_topic_names_a_case_and_does_not_tell_it() -> None:
    one, other = UUID(int=1), UUID(int=2)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,32}", topic_of(one))
    assert topic_of(one) == topic_of(one) != topic_of(other)
    assert one.hex not in topic_of(one)


def test_nothing_is_told_while_a_decision_can_be_taken_back() -> None:
    assert SETTLES > UNDO_WITHIN
