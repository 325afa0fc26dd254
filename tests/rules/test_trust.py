"""Is it really from us? Official is said of an exact match only."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from signoff.kernel.errors import InvalidValue
from signoff.trust.lookalike import skeleton
from signoff.trust.officials import Officials
from signoff.trust.rules import LONGEST, judge
from signoff.trust.verdict import Kind, Standing, Verdict

OURS = Officials.of(
    hosts=["boom.example", "my.boom.example"],
    numbers=["+86 400 820 0000", "+49 30 901820", "10099"],
    senders=["Boom", "10655059001", "care@boom.example"],
    public_url="http://127.0.0.1:8600",
)


def codes(verdict: Verdict) -> set[str]:
    return {reason.code for reason in verdict.reasons}


@pytest.mark.parametrize(
    "link",
    [
        "boom.example",
        "https://boom.example",
        "HTTPS://Boom.Example/close?x=1#top",
        "https://boom.example:443/",
        " https://my.boom.example/bills ",
        "http://127.0.0.1:8600/account/",
        "https://boom.example/search?q=a@b.c",
    ],
)
def test_our_own_links_are_official(link: str) -> None:
    verdict = judge(link, OURS)
    assert (verdict.kind, verdict.standing) == (Kind.LINK, Standing.OFFICIAL)


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("https://boom.example.evil.com/login", "host_inside"),
        ("https://boom.example-login.com", "host_inside"),
        ("https://notboom.example", "host_inside"),
        ("https://boom.example@evil.com", "link_user"),
        ("https://boom.example:x@evil.com/", "link_user"),
        ("https://evil.com\\@boom.example", "link_slashes"),
        ("https:/\\evil.com", "link_slashes"),
        ("https:evil.com", "link_slashes"),
        ("https://b\u043e\u043em.example", "host_twin"),  # Cyrillic o
        ("https://b\u043eom.example", "host_mixed"),
        ("https://xn--bm-emca.example", "link_punycode"),
        ("https://xn--999999999.example", "link_punycode"),
        ("https://b00m.example", "host_twin"),
        ("https://boorn.example", "host_twin"),
        ("https://bo\u200bom.example", "link_hidden"),
        ("https://boom.example\u202e", "link_hidden"),
        ("https://b\uff4fom.example", "link_wide"),
        ("https://boom\u3002example", "link_wide"),
        ("https://boom%2eexample", "link_percent"),
        ("https://boom.example%2eevil.com", "link_percent"),
        ("https://bom.example", "host_near"),
        ("https://obom.example", "host_near"),
        ("https://boom.examples", "host_inside"),
        ("https://boom-kefu.com", "host_name"),
        ("https://boom.top/close", "host_name"),
        ("https://t.cn/A6xyz", "host_short"),
        ("bit.ly/3xyz", "host_short"),
        ("https://203.0.113.7/", "host_ip"),
        ("https://3405803783/", "host_ip"),
        ("https://0xcb007107/", "host_ip"),
        ("https://[2001:db8::1]/", "host_ip"),
        ("javascript:location='https://boom.example'", "link_scheme"),
        ("data:text/html,boom.example", "link_scheme"),
        ("intent://boom.example#Intent;end", "link_scheme"),
    ],
)
def test_a_trick_is_named(link: str, code: str) -> None:
    verdict = judge(link, OURS)
    assert verdict.standing is Standing.SUSPICIOUS
    assert code in codes(verdict)


@pytest.mark.parametrize(
    "link",
    [
        "http://boom.example",  # anybody on the way could have made this page
        "https://boom.example:8443",
        "https://boom.example.",
        "https://old.boom.example",
        "https://127.0.0.1:8600",
        "http://127.0.0.1:8601",
        "//boom.example",
        "https://boom.exa\tmple",
        "https://gov.cn",
        "ftp.debian.org",
    ],
)
def test_what_is_not_exactly_ours_is_never_official(link: str) -> None:
    assert judge(link, OURS).standing is not Standing.OFFICIAL


def test_somebody_elses_link_is_unknown_and_says_whose_it_is() -> None:
    verdict = judge("https://www.debian.org/distrib/", OURS)
    assert verdict.standing is Standing.UNKNOWN
    assert verdict.reasons[0].params == {"host": "www.debian.org"}


@pytest.mark.parametrize(
    "link",
    [
        "http://my.boom.example/x",
        "https://boom.example:8443",
        "https://boom.example./",
        "//boom.example",
    ],
)
def test_of_a_host_of_ours_it_is_not_said_that_it_is_anothers(link: str) -> None:
    verdict = judge(link, OURS)
    assert verdict.standing is Standing.UNKNOWN
    assert codes(verdict) == {"link_not_as_ours"}


def test_a_part_of_a_host_of_ours_does_not_borrow_the_name_of_another_of_ours() -> None:
    assert codes(judge("https://shop.boom.example", OURS)) == {"link_not_ours"}


@pytest.mark.parametrize("link", ["https://t.cn./A6xyz", "https://boom-kefu.com./"])
def test_a_dot_at_the_end_hides_nothing(link: str) -> None:
    assert judge(link, OURS).standing is Standing.SUSPICIOUS


def test_the_real_host_behind_an_at_sign_is_named() -> None:
    (reason,) = [
        r for r in judge("https://boom.example@evil.com/x", OURS).reasons if r.code == "link_user"
    ]
    assert reason.template % reason.params == (
        "What stands before the @ is not the address: it leads to evil.com."
    )


@pytest.mark.parametrize(
    "text", ["１００９９", "＋８６　４００－８２０－００００", "请拨打：１００９９"]
)
def test_a_number_of_full_width_is_the_same_number(text: str) -> None:
    verdict = judge(text, OURS)
    (one,) = verdict.parts or (verdict,)
    assert one.standing is Standing.OFFICIAL


@pytest.mark.parametrize(
    "number", ["+86 400 820 0000", "4008200000", "400-820-0000", "tel:+864008200000", "10099"]
)
def test_our_numbers_are_official_in_every_spelling_and_may_be_faked(number: str) -> None:
    verdict = judge(number, OURS)
    assert (verdict.kind, verdict.standing) == (Kind.NUMBER, Standing.OFFICIAL)
    assert "can_be_faked" in codes(verdict)


@pytest.mark.parametrize(
    ("number", "standing"),
    [
        ("+86 400 820 0001", Standing.SUSPICIOUS),
        ("100999", Standing.SUSPICIOUS),
        ("10098", Standing.SUSPICIOUS),
        ("+49 171 2345678", Standing.UNKNOWN),
        ("95588", Standing.UNKNOWN),
        ("999", Standing.UNKNOWN),
    ],
)
def test_other_numbers_are_not(number: str, standing: Standing) -> None:
    assert judge(number, OURS).standing is standing


def test_numbers_without_country_code_are_read_in_the_carriers_country() -> None:
    german = Officials.of(hosts=[], numbers=["+49 30 901820"], senders=[])
    assert judge("030 901820", german).standing is Standing.OFFICIAL
    assert judge("400 820 0000", german).standing is not Standing.OFFICIAL


@pytest.mark.parametrize(
    ("sender", "kind", "standing"),
    [
        ("Boom", Kind.SENDER, Standing.OFFICIAL),
        ("10655059001", Kind.SENDER, Standing.OFFICIAL),
        ("care@boom.example", Kind.ADDRESS, Standing.OFFICIAL),
        ("Care@Boom.Example", Kind.ADDRESS, Standing.OFFICIAL),
        ("care@b00m.example", Kind.ADDRESS, Standing.SUSPICIOUS),
        ("care@boom.example.evil.com", Kind.ADDRESS, Standing.SUSPICIOUS),
        ("car\u0435@boom.example", Kind.ADDRESS, Standing.SUSPICIOUS),
        ("sales@debian.org", Kind.ADDRESS, Standing.UNKNOWN),
    ],
)
def test_senders_and_mail_addresses(sender: str, kind: Kind, standing: Standing) -> None:
    verdict = judge(sender, OURS)
    assert (verdict.kind, verdict.standing) == (kind, standing)


@pytest.mark.parametrize(
    "message",
    [
        "【Boom】您的号码即将停用,请回复验证码以保留号码",
        "您好,我是客服,麻烦把短信验证码告诉我",
        "为了退款请输入银行卡密码",
        "Dear customer, please send us your verification code to stop the closing.",
        "Reply with your PIN or your line is lost. Never mind the rest.",
        "请下载会议软件并打开屏幕共享,我们帮您退款",
        "Move your money to a safe account",
    ],
)
def test_who_asks_for_a_code_or_a_screen_is_not_us(message: str) -> None:
    verdict = judge(message, OURS)
    assert verdict.standing is Standing.SUSPICIOUS
    assert codes(verdict) & {"asks_secret", "asks_remote"}


@pytest.mark.parametrize(
    "message",
    [
        "【Boom】您的验证码是 482913,请勿告诉任何人。",
        "Your code: the verification code is 482913. Never share it with anybody.",
        "Don't tell anyone your password.",
    ],
)
def test_a_warning_is_not_a_demand(message: str) -> None:
    verdict = judge(message, OURS)
    assert verdict.standing is Standing.UNKNOWN
    assert "never_tell" in codes(verdict)


def parts(message: str) -> dict[str, Standing]:
    return {part.subject: part.standing for part in judge(message, OURS).parts}


def test_links_and_numbers_are_found_in_chinese_text() -> None:
    found = parts(
        "尊敬的用户,请访问https://boom.example/bills查看账单,"
        "或登录boom-kefu.com。客服电话:10099,手机+86 138 0013 8000。邮箱care@boom.example。"
    )
    assert found == {
        "https://boom.example/bills": Standing.OFFICIAL,
        "boom-kefu.com": Standing.SUSPICIOUS,
        "10099": Standing.OFFICIAL,
        "+86 138 0013 8000": Standing.UNKNOWN,
        "care@boom.example": Standing.OFFICIAL,
    }


@pytest.mark.parametrize(
    "message",
    [
        "您好，您的线路将停用，请登录evil.com/x，输入验证码。",
        "请把验证码发送到evil.com",
    ],
)
def test_a_chinese_message_without_blanks_is_not_taken_for_one_link(message: str) -> None:
    verdict = judge(message, OURS)
    assert verdict.kind is Kind.MESSAGE
    assert "asks_secret" in codes(verdict)
    assert [part.kind for part in verdict.parts] == [Kind.LINK]


@pytest.mark.parametrize(
    "message",
    [
        "【Boom】您的申请已收到，进度请看boom.example，热线10099。",
        "账单请看https://boom.example/bills！",
    ],
)
def test_our_own_chinese_message_is_not_called_a_trick(message: str) -> None:
    verdict = judge(message, OURS)
    assert verdict.standing is Standing.UNKNOWN
    assert codes(verdict) == {"parts_official"}


@pytest.mark.parametrize("link", ["https://boom.example，请.evil.com", "boom.example，.evil.com"])
def test_chinese_marks_in_a_host_do_not_make_it_a_message(link: str) -> None:
    verdict = judge(link, OURS)
    assert (verdict.kind, verdict.standing) == (Kind.LINK, Standing.SUSPICIOUS)


def test_marks_of_full_width_end_a_link_and_a_sentence() -> None:
    found = parts(
        "尊敬的用户：请访问https://boom.example/bills，查看账单；或登录（https://my.boom.example/x）！"
    )
    assert found == {
        "https://boom.example/bills": Standing.OFFICIAL,
        "https://my.boom.example/x": Standing.OFFICIAL,
    }
    asked = judge("我们不会骚扰您！请把验证码发给我。", OURS)
    assert "asks_secret" in codes(asked)


def test_links_and_numbers_are_found_in_english_text() -> None:
    found = parts(
        "See (https://boom.example/close), or www.debian.org. Call 400 820 0000 or t.cn/abc!"
    )
    assert found == {
        "https://boom.example/close": Standing.OFFICIAL,
        "www.debian.org": Standing.UNKNOWN,
        "400 820 0000": Standing.OFFICIAL,
        "t.cn/abc": Standing.SUSPICIOUS,
    }


@pytest.mark.parametrize(
    "message",
    [
        "登录 https://boom.example\u3002evil.com/ 办理",
        "登录 https://boom.example中文.com/ 办理",
        "login at https://boom.example@evil.com/ now",
        "login at https://boom.example\u200b.evil.com/ now",
        "login at boom.example@evil.com/x now",
        "login at https://evil.com\\@boom.example now",
    ],
)
def test_a_link_in_a_message_is_not_cut_where_it_looks_better(message: str) -> None:
    assert Standing.OFFICIAL not in parts(message).values()


def test_a_message_is_never_official_even_if_all_in_it_is_ours() -> None:
    verdict = judge("Please look at https://boom.example/bills today", OURS)
    assert verdict.standing is Standing.UNKNOWN
    assert codes(verdict) == {"parts_official"}


def test_a_message_with_nothing_to_check_says_so() -> None:
    assert codes(judge("Hello, how are you?", OURS)) == {"nothing_found"}
    assert codes(judge("", OURS)) == {"nothing_found"}


def test_only_the_beginning_of_an_endless_message_is_read() -> None:
    verdict = judge("a " * LONGEST + "https://t.cn/x", OURS)
    assert "too_long" in codes(verdict)
    assert len(verdict.subject) <= 200


@pytest.mark.parametrize(
    "piece", ["a.", "a", "@", "a@", "+1 ", "https:", "中.", "\u3002a", "密码", "发送密码", "勿发送"]
)
def test_a_hostile_message_is_judged_in_no_time(piece: str) -> None:
    began = time.perf_counter()
    judge(piece * (LONGEST // len(piece)) + "!", OURS)
    assert time.perf_counter() - began < 2


def test_words_fit_their_parameters() -> None:
    for text in ("https://b00m.example", "10098", "care@b00m.example", "https://t.cn", "boom.top"):
        for reason in judge(text, OURS).reasons:
            assert "%" not in reason.template % reason.params


def test_wrong_numbers_in_the_settings_are_refused() -> None:
    with pytest.raises(InvalidValue):
        Officials.of(hosts=[], numbers=["call us"], senders=[])


EXACT = {"https://boom.example", "https://my.boom.example", "boom.example", "my.boom.example"}
EXACT |= {"http://127.0.0.1:8600", "127.0.0.1:8600"}
HOSTS = sorted(EXACT)
TRICKS = "./\\@:%#?-_ \t\n\u200b\u3002\uff0e\u043e\u0430ab01xn\u4e2d\u202e[]"


def origin_of(link: str) -> str:
    """Of a plain link: everything before the path. Written apart from the code under test."""
    scheme, separator, rest = link.strip().partition("://")
    if not separator:
        scheme, rest = "", link.strip()
    place = rest
    for sign in "/?#":
        place = place.split(sign)[0]
    place = place.lower()
    if scheme.lower() == "https":
        place = place.removesuffix(":443")
    return f"{scheme.lower()}://{place}" if separator else place


@settings(max_examples=1500)
@given(
    base=st.sampled_from(HOSTS),
    place=st.integers(0, 30),
    extra=st.text(TRICKS, min_size=1, max_size=6),
    tail=st.sampled_from(["", "/", ".evil.com", "@evil.com", "/boom.example"]),
)
@example(base="https://boom.example", place=20, extra="\\@", tail=".evil.com")
def test_no_mutation_of_ours_is_official_unless_it_is_exactly_ours(
    base: str, place: int, extra: str, tail: str
) -> None:
    link = base[:place] + extra + base[place:] + tail
    verdict = judge(link, OURS)
    for judged in (verdict, *verdict.parts):
        if judged.kind is Kind.LINK and judged.standing is Standing.OFFICIAL:
            assert origin_of(judged.subject) in EXACT
            assert judged.subject.isascii()
            assert "\\" not in origin_of(judged.subject)


@settings(max_examples=500)
@given(st.text(max_size=300))
def test_anything_can_be_judged(text: str) -> None:
    verdict = judge(text, OURS)
    assert verdict.kind is not Kind.MESSAGE or verdict.standing is not Standing.OFFICIAL
    for reason in verdict.reasons:
        assert reason.template % reason.params


@given(st.text(TRICKS + "0123456789+() -tel", max_size=20))
def test_a_number_is_official_only_if_its_digits_are(text: str) -> None:
    verdict = judge(text, OURS)
    if verdict.kind is Kind.NUMBER and verdict.standing is Standing.OFFICIAL:
        digits = "".join(sign for sign in text if sign.isdigit())
        assert digits.endswith(("4008200000", "4930901820", "10099"))
        assert text.strip().isascii()


def test_what_looks_alike_has_one_skeleton() -> None:
    assert skeleton("b\u043e\u043em") == skeleton("BOOM") == skeleton("b00rn") == skeleton("boom")
