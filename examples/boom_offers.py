"""What Boom sells, and how its customers pay."""

PLANS = {
    "CNY": [
        ("Boom 轻享 5GB", "29.00"),
        ("Boom 畅享 20GB", "59.00"),
        ("Boom 全球 40GB", "128.00"),
    ],
    "EUR": [
        ("Boom Light 5 GB", "7.99"),
        ("Boom Flat 20 GB", "14.99"),
        ("Boom Europe 40 GB", "24.99"),
    ],
    "JPY": [
        ("Boom Mini 3 GB", "990"),
        ("Boom Basic 20 GB", "2980"),
        ("Boom World 40 GB", "4980"),
    ],
}
"""Name and monthly price."""

EXTRAS = {
    "CNY": [
        ("国际漫游流量 1GB", "30.00", "roaming"),
        ("国际长途通话 12 分钟", "8.28", "usage"),
        ("短信 34 条", "3.40", "usage"),
        ("老用户优惠", "-10.00", "discount"),
    ],
    "EUR": [
        ("Roaming pack Switzerland 1 GB", "6.90", "roaming"),
        ("Calls abroad, 17 minutes", "3.23", "usage"),
        ("Directory enquiries", "1.99", "usage"),
        ("Loyalty discount", "-2.00", "discount"),
    ],
}
"""Name, price and kind of what else is on bills."""

SERVICES = {
    "CNY": ["语音信箱", "国际漫游", "来电显示", "云音乐会员", "手表一号双终端"],
    "EUR": ["Voice mail", "EU roaming", "Music pass", "Smartwatch twin", "Cloud 100 GB"],
    "JPY": ["Voice mail", "World roaming", "Caller number"],
}
METHODS = {
    "CNY": ["支付宝", "微信支付", "银联卡 ···· 6222", "银联卡 ···· 0019"],
    "EUR": ["Visa ···· 4242", "Mastercard ···· 4444", "SEPA Direct Debit", "Bancontact"],
    "JPY": ["JCB ···· 0505", "Visa ···· 4242"],
}
