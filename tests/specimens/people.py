"""Invented people, and the numbers that their documents would carry.

The check digits are computed here once more, apart from the code under test.
"""

import random
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红玲建国志文子轩梓涵雨欣浩宇佳怡思源晓东海燕春梅秋月冬雪立新永康天佑嘉诚"
_RARE = "喆堃犇燚赟翀彧珺旻瑀龑玥祎婼芃韡靐淼垚鑫㛃䶮"
"""Given names that a common font has and a common OCR may not know."""
_LONG = ["阿依古丽·买买提", "买买提江·阿不都拉", "欧阳思远", "司马相宜", "巴特尔", "次仁卓玛"]
_TRAVELLERS = [
    ("王晓明", "Wang", "Xiaoming"), ("李娜", "Li", "Na"), ("张伟", "Zhang", "Wei"),
    ("欧阳思远", "Ouyang", "Siyuan"), ("吕芳", "Lyu", "Fang"), ("陈建国", "Chen", "Jianguo"),
    ("诸葛雪", "Zhuge", "Xue"), ("黄子轩", "Huang", "Zixuan"), ("赵雨欣", "Zhao", "Yuxin"),
]  # fmt: skip
_LATIN = [
    ("Müller", "Anna Maria"), ("Sørensen", "Bjørn"), ("O'Brien", "Seán"), ("García", "José Luis"),
    ("Łukaszewicz", "Zofia"), ("Schäfer", "Jürgen"), ("Dubois", "Hélène"), ("Smith", "John Paul"),
    ("van der Berg", "Pieter"), ("Nowak", "Agnieszka"), ("Åkesson", "Göran"), ("Weiß", "Karl"),
    ("Tanaka", "Yuki"), ("Wang", "Xiaoming"), ("Novák", "Jiří"), ("Taylor", "Emily Rose"),
    ("Çelik", "Ayşe"), ("Ionescu", "Ștefan"), ("Rossi", "Giulia"), ("Fernandes", "João Pedro"),
    ("Hughes", "Rhys"), ("Li", "Na"), ("Petrova", "Olga"), ("Nguyen", "Thi Minh Khai"),
]  # fmt: skip
_REGIONS = ["110101", "310104", "440305", "510107", "330106", "420111", "610113", "210202"]
ETHNICITIES = ["汉", "满", "回", "壮", "藏", "维吾尔", "苗"]


@dataclass(frozen=True)
class Person:
    """`name` as registered; `number` as registered for the kind of document."""

    name: str
    surname: str
    given: str
    sex: str
    birth: date
    number: str
    ethnicity: str = "汉"
    country: str = "CHN"


def chinese(chance: random.Random) -> Person:
    surname = chance.choice(_SURNAMES)
    given = "".join(chance.sample(_GIVEN, chance.choice([1, 2, 2])))
    unusual = chance.random()
    if unusual < 0.15:
        given = chance.choice(_RARE) + given[1:]
    name = chance.choice(_LONG) if unusual > 0.92 else surname + given
    sex = chance.choice("MF")
    birth = _birth(chance)
    serial = chance.randrange(500) * 2 + (sex == "M")
    body = f"{chance.choice(_REGIONS)}{birth:%Y%m%d}{serial:03d}"
    number = body + cn_check(body)
    ethnicity = chance.choice(ETHNICITIES)
    return Person(name, surname, given, sex, birth, number, ethnicity)


def traveller(chance: random.Random) -> Person:
    """A citizen of China with a passport: registered in characters, read by machines in letters."""
    name, surname, given = chance.choice(_TRAVELLERS)
    number = chance.choice("EP") + "".join(chance.choices("0123456789", k=8))
    return Person(name, surname, given, chance.choice("MF"), _birth(chance), number)


def foreign(chance: random.Random) -> Person:
    surname, given = chance.choice(_LATIN)
    letters = "".join(chance.choices("ABCDEFGHJKLMNPRSTUVWXYZ", k=chance.choice([0, 1, 2])))
    number = letters + "".join(chance.choices("0123456789", k=9 - len(letters)))
    country = chance.choice(["D", "GBR", "FRA", "POL", "SWE", "USA", "ESP"])
    return Person(
        f"{given} {surname}", surname, given, chance.choice("MF"), _birth(chance), number,
        country=country,
    )  # fmt: skip


def _birth(chance: random.Random) -> date:
    return date(1950, 1, 1) + timedelta(days=chance.randrange(365 * 55))


def cn_check(body: str) -> str:
    """GB 11643: weights 2 to the power of the place, modulo 11."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return "10X98765432"[total % 11]


def icao_check(text: str) -> str:
    """ICAO 9303-3: weights 7, 3, 1; A is 10."""
    signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    values = (0 if sign == "<" else signs.index(sign) for sign in text)
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)


def machine_letters(name: str) -> str:
    """A to Z and fillers, as an issuer would write it: with the umlaut as two letters."""
    for sign, two in {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "ø": "oe",
        "å": "aa",
        "ł": "l",
    }.items():
        name = name.lower().replace(sign, two)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "<".join(plain.replace("'", "").replace("-", " ").upper().split())


def names_line(person: Person) -> str:
    return f"{machine_letters(person.surname)}<<{machine_letters(person.given)}"


def td3(person: Person, expires: date) -> tuple[str, str]:
    first = f"P<{person.country:<<3}{names_line(person)}"[:44].ljust(44, "<")
    number = person.number.ljust(9, "<")
    start = number + icao_check(number)
    birth = f"{person.birth:%y%m%d}"
    expiry = f"{expires:%y%m%d}"
    dates = birth + icao_check(birth), expiry + icao_check(expiry)
    optional = "<" * 15
    whole = icao_check(start + dates[0] + dates[1] + optional)
    return first, f"{start}{person.country:<<3}{dates[0]}{person.sex}{dates[1]}{optional}{whole}"


def td1(person: Person, expires: date) -> tuple[str, str, str]:
    number = person.number.ljust(9, "<")
    first = f"ID{person.country:<<3}{number}{icao_check(number)}".ljust(30, "<")
    birth, expiry = f"{person.birth:%y%m%d}", f"{expires:%y%m%d}"
    birth, expiry = birth + icao_check(birth), expiry + icao_check(expiry)
    whole = icao_check(first[5:] + birth + expiry + "<" * 11)
    second = f"{birth}{person.sex}{expiry}{person.country:<<3}{'<' * 11}{whole}"
    return first, second, names_line(person)[:30].ljust(30, "<")
