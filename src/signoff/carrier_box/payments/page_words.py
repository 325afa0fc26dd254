"""What the payment page says, in English and Chinese."""

from collections.abc import Mapping

from signoff.carrier_box.languages import speaks_chinese

Words = Mapping[str, str]

ENGLISH: Words = {
    "lang": "en",
    "about": "Payment service of the sample carrier. No money moves here, and no card is asked for.",
    "pay": "Pay",
    "decline": "Card declined",
    "cancel": "Cancel",
    "choose": "“Pay” is a card that is accepted. “Card declined” is one that is not.",
    "declined": "The card was declined. Nothing was taken. You can try again.",
    "complete": "This is paid. There is nothing more to do here.",
    "under_way": "The bank has been asked. There is nothing more to do here.",
    "expired": "This page is closed. Nothing was taken.",
    "unknown": "There is no such payment page.",
    "unclear": "Choose one of the buttons.",
    "back": "Go back",
}  # fmt: skip

CHINESE: Words = {
    "lang": "zh-Hans",
    "about": "示例运营商的支付服务。这里不会发生真实扣款，也不需要填写银行卡。",
    "pay": "支付",
    "decline": "银行卡被拒",
    "cancel": "取消",
    "choose": "“支付”表示银行卡被接受，“银行卡被拒”表示银行卡未被接受。",
    "declined": "银行卡被拒绝，没有扣款。您可以重试。",
    "complete": "已支付，无需再操作。",
    "under_way": "已向银行提交，无需再操作。",
    "expired": "此页面已关闭，没有扣款。",
    "unknown": "没有这个支付页面。",
    "unclear": "请点击其中一个按钮。",
    "back": "返回",
}  # fmt: skip


def words_for(locale: str, accept_language: str) -> Words:
    """`locale` as the page was ordered; `auto` means the browser's."""
    wanted = accept_language if locale == "auto" else locale
    return CHINESE if speaks_chinese(wanted) else ENGLISH
