"""What people type when they look for something, and the page that they mean. Pure.

Chinese words stand beside their pinyin as plain entries: no dictionary is needed for two dozen
words. Case, width (１２ as 12), accents, spaces and punctuation do not matter; a long word may
have a typing error or two.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from signoff.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Place:
    """A page that can be found. `name` is its address's name in the portal."""

    name: str
    title: str
    about: str
    words: tuple[str, ...]


PLACES = (
    Place(
        "close",
        _("Close a line or the account"),
        _("See what it comes to first. Nothing ends until you have confirmed it."),
        (
            "注销",
            "销户",
            "退订",
            "销号",
            "解约",
            "取消",
            "关闭",
            "退网",
            "注销账户",
            "注销号码",
            "zhuxiao",
            "xiaohu",
            "tuiding",
            "xiaohao",
            "jieyue",
            "quxiao",
            "guanbi",
            "tuiwang",
            "close",
            "close account",
            "close line",
            "cancel",
            "cancel account",
            "cancellation",
            "delete account",
            "delete esim",
            "terminate",
            "termination",
            "end contract",
            "leave",
            "unsubscribe",
            "quit",
            "stop",
            "withdraw",
            "withdraw from contract",
            "deactivate",
            "sign off",
            "esim",
        ),
    ),
    Place(
        "home",
        _("Your lines and closings"),
        _("Numbers, plans, what is open and how far it is."),
        (
            "号码",
            "套餐",
            "线路",
            "进度",
            "haoma",
            "taocan",
            "xianlu",
            "jindu",
            "number",
            "lines",
            "line",
            "plan",
            "progress",
            "case",
            "undo",
            "refund status",
            "where is my refund",
            "where is my money",
            "bank account",
            "iban",
            "payout",
            "退款进度",
            "退款到哪了",
            "银行卡",
            "银行账户",
            "tuikuan jindu",
            "yinhangka",
            "撤销",
            "chexiao",
            "pause",
            "resume",
            "暂停",
            "停机",
            "复机",
            "停机保号",
            "zanting",
            "tingji",
            "fuji",
            "suspend",
        ),
    ),
    Place(
        "bills",
        _("Bills and balance"),
        _("What you paid, what is open, and what is left."),
        (
            "账单",
            "帐单",
            "余额",
            "话费",
            "缴费",
            "欠费",
            "退款",
            "退费",
            "费用",
            "发票",
            "zhangdan",
            "yue",
            "huafei",
            "jiaofei",
            "qianfei",
            "tuikuan",
            "tuifei",
            "fapiao",
            "bill",
            "bills",
            "balance",
            "invoice",
            "pay",
            "payment",
            "refund",
            "money",
            "credit",
            "money back",
            "charge",
            "pay a bill",
            "pay bill",
            "dispute",
            "dispute a bill",
            "complain",
            "complaint",
            "overcharged",
            "wrong bill",
            "wrong amount",
            "unusual",
            "付款",
            "支付",
            "交费",
            "充值",
            "争议",
            "异议",
            "投诉",
            "多扣",
            "乱扣费",
            "扣费",
            "fukuan",
            "zhifu",
            "jiaofei",
            "chongzhi",
            "zhengyi",
            "yiyi",
            "tousu",
            "koufei",
        ),
    ),
    Place(
        "account",
        _("Account"),
        _("Your details, password, two-factor sign-in, and where you are signed in."),
        (
            "账户",
            "帐户",
            "密码",
            "登录",
            "资料",
            "设备",
            "安全",
            "zhanghu",
            "mima",
            "denglu",
            "ziliao",
            "shebei",
            "anquan",
            "account",
            "password",
            "sign in",
            "login",
            "sessions",
            "devices",
            "two factor",
            "2fa",
            "security",
            "details",
            "profile",
            "email",
            "address",
            "settings",
            "设置",
            "shezhi",
        ),
    ),
    Place(
        "data",
        _("Download your data"),
        _("Bills, lines and closings as files that you can keep."),
        (
            "导出",
            "下载",
            "备份",
            "数据",
            "个人信息",
            "daochu",
            "xiazai",
            "beifen",
            "shuju",
            "download",
            "export",
            "backup",
            "data",
            "takeout",
            "gdpr",
            "privacy",
            "copy",
        ),
    ),
    Place(
        "status",
        _("Look up a closing"),
        _("With case number and code, without signing in."),
        (
            "查询",
            "查进度",
            "进度查询",
            "chaxun",
            "status",
            "case number",
            "look up",
            "track",
            "where is my case",
            "progress",
            "进度",
            "jindu",
        ),
    ),
    Place(
        "take_along",
        _("Take the number to another carrier"),
        _("What to do, without closing anything here."),
        (
            "携号转网",
            "转网",
            "携转",
            "携入",
            "携出",
            "授权码",
            "换运营商",
            "xiehao zhuanwang",
            "zhuanwang",
            "xiezhuan",
            "port my number",
            "porting",
            "port out",
            "porting code",
            "portability",
            "pac code",
            "stac",
            "rio code",
            "keep my number",
            "keep the number",
            "take my number",
            "transfer number",
            "switch carrier",
            "another carrier",
        ),
    ),
    Place(
        "remove_esim",
        _("Remove the eSIM from your phone"),
        _("Step by step, after a line is closed."),
        (
            "删除esim",
            "移除esim",
            "shanchu esim",
            "yichu esim",
            "remove esim",
            "delete esim",
            "remove profile",
            "esim phone",
            "iphone esim",
        ),
    ),
    Place(
        "check",
        _("Is this really you?"),
        _("Paste a link, a number or a message, and see whether it is from us."),
        (
            "诈骗",
            "骗子",
            "钓鱼",
            "短信",
            "链接",
            "真假",
            "zhapian",
            "pianzi",
            "diaoyu",
            "duanxin",
            "lianjie",
            "scam",
            "fraud",
            "phishing",
            "fake",
            "spam",
            "link",
            "message",
            "sms",
            "is this you",
            "suspicious",
            "check",
        ),
    ),
    Place(
        "photos_of_a_case",
        _("Photos of papers"),
        _("Add, look at or remove a photo that a closing asks for."),
        (
            "上传",
            "照片",
            "拍照",
            "证件",
            "身份证",
            "护照",
            "材料",
            "补充材料",
            "shangchuan",
            "zhaopian",
            "paizhao",
            "zhengjian",
            "shenfenzheng",
            "huzhao",
            "cailiao",
            "photo",
            "photos",
            "picture",
            "upload",
            "scan",
            "camera",
            "identity card",
            "id card",
            "passport",
            "documents",
            "papers",
        ),
    ),
    Place(
        "appeal_of_a_case",
        _("Ask another person to decide"),
        _("When a closing was refused and you do not agree."),
        (
            "申诉",
            "复议",
            "拒绝",
            "驳回",
            "不同意",
            "异议",
            "shensu",
            "fuyi",
            "jujue",
            "bohui",
            "yiyi",
            "appeal",
            "refused",
            "rejected",
            "refusal",
            "disagree",
            "objection",
            "reconsider",
            "second opinion",
        ),
    ),
    Place(
        "talk",
        _("Talk to a person"),
        _("Write to us about a closing or anything else, and read what we answered."),
        (
            "客服",
            "人工",
            "人工客服",
            "在线客服",
            "留言",
            "消息",
            "聊天",
            "咨询",
            "kefu",
            "rengong",
            "liuyan",
            "xiaoxi",
            "liaotian",
            "zixun",
            "chat",
            "talk",
            "talk to a person",
            "messages",
            "write to us",
            "support",
            "human",
            "agent",
            "customer service",
            "help",
        ),
    ),
    Place(
        "calling",
        _("Are we calling you right now?"),
        _("See whether it is really us on the telephone, and who."),
        (
            "来电",
            "打电话",
            "谁打来的",
            "冒充客服",
            "诈骗电话",
            "laidian",
            "dadianhua",
            "maochong kefu",
            "zhapian dianhua",
            "calling",
            "call",
            "who is calling",
            "did you call me",
            "fake call",
            "caller",
            "scam call",
            "telephone rings",
        ),
    ),
    Place(
        "official",
        _("Official channels"),
        _("The addresses and numbers that are really ours."),
        (
            "客服",
            "官方",
            "电话",
            "联系",
            "人工",
            "kefu",
            "guanfang",
            "dianhua",
            "lianxi",
            "rengong",
            "contact",
            "support",
            "help",
            "hotline",
            "phone",
            "call",
            "chat",
            "official",
            "customer service",
        ),
    ),
)


def plain(text: str) -> str:
    """`text` as it is compared: without case, width, accents, spaces and punctuation."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def distance(one: str, other: str, limit: int) -> int:
    """Letters to add, drop, change or swap (optimal string alignment); `limit` + 1 if more."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def _forgiven(word: str) -> int:
    """Typing errors that a word of this length may have."""
    return 0 if len(word) < 5 else 1 if len(word) < 8 else 2


@cache
def _plain_words(place: Place) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain(word) for word in (*place.words, place.title)))


def _fit(typed: str, word: str) -> int:
    """How well `typed` fits `word`: 4 the same, 3 its beginning, 2 mistyped, 1 within it, 0 not."""
    if typed == word:
        return 4
    is_wide = not word.isascii()
    if len(typed) >= (1 if is_wide else 3) and word.startswith(typed):
        return 3
    limit = _forgiven(word)
    if limit and distance(typed, word, limit) <= limit:
        return 2
    return 1 if len(word) >= (2 if is_wide else 4) and word in typed else 0


def find(query: str, places: Iterable[Place] = PLACES) -> tuple[Place, ...]:
    """The pages that `query` means, best first; among equals in the order of `places`."""
    typed = plain(query[:100])
    if not typed:
        return ()
    scored = [(max(_fit(typed, word) for word in _plain_words(place)), place) for place in places]
    best = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
    return tuple(place for _score, place in best)
