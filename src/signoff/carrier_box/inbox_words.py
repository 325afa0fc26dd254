"""What the inbox's page says, in English and Chinese."""

from collections.abc import Mapping

from signoff.carrier_box.languages import speaks_chinese

Words = Mapping[str, str]

ENGLISH: Words = {
    "lang": "en",
    "title": "Carrier box",
    "about": "What the sample carrier's telephones, mailboxes and network show. Nothing here is real.",
    "find": "Number or address",
    "show": "Show",
    "all": "Show all",
    "refresh": "Refresh",
    "texts": "Text messages",
    "letters": "Letters",
    "network": "Subscribers on the network",
    "refunds": "Refunds",
    "codes": "Authenticator",
    "codes_about": "The demo's staff sign in with these codes, as if from an app.",
    "none": "Nothing yet.",
    "to": "To",
    "from": "From",
    "attachments": "Attachments",
    "arrived": "Arrived %(count)s times; shown once.",
    "state_1": "On its way",
    "state_2": "Delivered",
    "state_4": "Replaced",
    "state_5": "Not delivered",
    "service_yes": "Service on",
    "service_no": "Service off",
    "service_gone": "Gone",
    "number": "Number",
    "imsi": "IMSI",
    "service": "Service",
    "payment": "Payment",
    "amount": "Amount",
    "key": "Key",
    "seconds": "%(count)s seconds left",
    "bad_secret": "This secret cannot be read.",
}  # fmt: skip

CHINESE: Words = {
    "lang": "zh-Hans",
    "title": "运营商模拟箱",
    "about": "这里显示示例运营商的手机、邮箱和网络的情况。全部都是模拟的。",
    "find": "号码或邮箱",
    "show": "查看",
    "all": "查看全部",
    "refresh": "刷新",
    "texts": "短信",
    "letters": "邮件",
    "network": "网络中的用户",
    "refunds": "退款",
    "codes": "身份验证器",
    "codes_about": "演示用的工作人员用这些验证码登录，就像使用手机应用一样。",
    "none": "还没有内容。",
    "to": "收件人",
    "from": "发件人",
    "attachments": "附件",
    "arrived": "收到 %(count)s 次，只显示一次。",
    "state_1": "发送中",
    "state_2": "已送达",
    "state_4": "已替换",
    "state_5": "未送达",
    "service_yes": "服务已开通",
    "service_no": "服务已停用",
    "service_gone": "已移除",
    "number": "号码",
    "imsi": "IMSI",
    "service": "服务",
    "payment": "支付",
    "amount": "金额",
    "key": "幂等键",
    "seconds": "还剩 %(count)s 秒",
    "bad_secret": "无法读取此密钥。",
}


def words_for(accept_language: str) -> Words:
    """By the Accept-Language header."""
    return CHINESE if speaks_chinese(accept_language) else ENGLISH
