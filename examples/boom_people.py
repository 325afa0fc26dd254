"""The customers of Boom: user name, name, country, language; and where they live."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """One customer."""

    username: str
    name: str
    country: str
    language: str


@dataclass(frozen=True, slots=True)
class Country:
    """Where a customer is. `numbers` has a place for the running number of a line there."""

    time_zone: str
    currency: str
    numbers: str
    iccid: str


# Germany and France keep numbers that belong to nobody, for films and books: Bundesnetzagentur,
# Mitteilung 148/2021; ARCEP, décision 2018-0881. The other countries keep none for mobiles.
COUNTRIES = {
    "CN": Country("Asia/Shanghai", "CNY", "+8613800138{:03d}", "8986"),
    "DE": Country("Europe/Berlin", "EUR", "+4917139200{:02d}", "8949"),
    "FR": Country("Europe/Paris", "EUR", "+3363998{:04d}", "8933"),
    "IT": Country("Europe/Rome", "EUR", "+393510000{:03d}", "8939"),
    "ES": Country("Europe/Madrid", "EUR", "+34600000{:03d}", "8934"),
    "NL": Country("Europe/Amsterdam", "EUR", "+316111110{:02d}", "8931"),
    "AT": Country("Europe/Vienna", "EUR", "+436601234{:03d}", "8943"),
    "BE": Country("Europe/Brussels", "EUR", "+32470000{:03d}", "8932"),
    "PT": Country("Europe/Lisbon", "EUR", "+351910000{:03d}", "89351"),
    "JP": Country("Asia/Tokyo", "JPY", "+819012340{:03d}", "8981"),
}

_PEOPLE = """
li.wei          李伟                    CN zh-hans
anna.schmidt    Anna Schmidt            DE en
chen.jie        陈洁                    CN zh-hans
marie.lefevre   Marie Lefèvre           FR en
wang.fang       王芳                    CN zh-hans
jonas.mueller   Jonas Müller            DE en
zhang.min       张敏                    CN zh-hans
giulia.rossi    Giulia Rossi            IT en
liu.yang        刘洋                    CN zh-hans
lucia.nunez     Lucía Núñez             ES en
huang.lei       黄磊                    CN zh-hans
sanne.devries   Sanne de Vries          NL en
zhao.xinyi      赵心怡                  CN zh-hans
francois.benoit François Benoît         FR en
wu.haoran       吴浩然                  CN zh-hans
katrin.vogel    Katrin Vögel            DE en
zhou.ting       周婷                    CN zh-hans
matteo.ferri    Matteo Ferri            IT en
xu.zihan        徐子涵                  CN zh-hans
inigo.echeverria Íñigo Echeverría       ES en
sun.yuxuan      孙宇轩                  CN zh-hans
lars.visser     Lars Visser             NL en
ma.xiaohong     马晓红                  CN zh-hans
sophie.gruber   Sophie Grüber           AT en
zhu.junjie      朱俊杰                  CN zh-hans
noemie.dubois   Noémie Dubois           FR en
hu.yan          胡燕                    CN en
bjoern.krause   Björn Krause            DE en
guo.siyuan      郭思源                  CN zh-hans
chiara.dangelo  Chiara D’Angelo         IT en
he.jing         何静                    CN zh-hans
ouyang.nana     欧阳娜娜                CN zh-hans
joao.conceicao  João Conceição          PT en
gao.peng        高鹏                    CN zh-hans
lotte.peeters   Lotte Peeters           BE en
lin.meiling     林美玲                  CN zh-hans
juergen.weiss   Jürgen Weiß             DE en
luo.bin         罗斌                    CN zh-hans
helene.chevalier Hélène Chevalier       FR en
zheng.kai       郑凯                    CN zh-hans
nicolo.esposito Nicolò Esposito         IT en
liang.yue       梁悦                    CN en
zoe.garcia      Zoë García              ES en
xie.wenbo       谢文博                  CN zh-hans
anais.moreau    Anaïs Moreau            FR en
felix.oezdemir  Felix Özdemir           DE en
tang.xue        唐雪                    CN zh-hans
begona.ibanez   Begoña Ibáñez           ES en
paul.steiner    Paul Steiner            AT en
liu.hanna       刘汉娜                  DE zh-hans
emma.brandt     Emma Brandt             DE en
pedro.almeida   Pedro Almeida           PT en
leon.hartmann   Leon Hartmann           DE en
deng.li         邓丽                    CN zh-hans
yuki.tanaka     Yuki Tanaka             JP en
chloe.bernard   Chloé Bernard           FR en
tian.hao        田浩                    CN zh-hans
"""


def people() -> list[Person]:
    """In the order of their account numbers; the first ones have a part in the demo."""
    found = []
    for line in _PEOPLE.strip().splitlines():
        username, *name, country, language = line.split()
        found.append(Person(username, " ".join(name), country, language))
    return found
