"""The words by which people tell who somebody is without a name, in Russian, Kazakh and English.

Rules: kin and others close to somebody by the words that always say whose they are (``KIN``), or by those that do only
beside their possessor (``CLOSE``: "his friend", "дети задержанного"); being the only one (``ONLY``); a post
(``POSTS``) at a place (``PLACES``). ``NOBODY`` are the turns of speech in which none of them is of anybody: the way out
that is the only one, a mother tongue, ұлы for great, a patronymic in two words, a surname somebody cut in two. How many
it finds and how many of them are silly is measured on sentences (tests/kzdoc/redaction/test_hint_corpus.py).
"""

from __future__ import annotations

import re
import unicodedata

TAKEN = "\ue000"
"""Stands for whatever was taken out of a text, one sign for each, in every language the same."""
_UNSEEN = re.compile("[\u00ad\u2060\u200b-\u200d]")


def words(*patterns: str) -> re.Pattern[str]:
    """Return a search for whole words."""
    return re.compile(r"(?<!\w)(?:" + "|".join(patterns) + r")(?!\w)", re.IGNORECASE)


def readable(sentence: str) -> str:
    """Return a sentence as it is read: letters composed, without what is not seen inside a word."""
    return unicodedata.normalize("NFC", _UNSEEN.sub("", sentence))


_RUSSIAN_KIN = (
    r"мат(?:ь|ери|ерью|ерям)|мам(?:а|ы|е|у|ой)|отец|отц(?:а|у|ом|е|ы|ов)|пап(?:а|ы|е|у|ой)|жен(?:а|ы|е|у|ой|ою)"
    r"|родител(?:ь|я|ю|ем|е|и|ей|ям|ями|ях)|родительниц\w+|муж(?:а|у|ем|е|ья|ей)?|супруг\w*|бра(?:т|та|ту|том|те|тья|тьев)"
    r"|братья(?:м|ми|х)|брат(?:ишк\w+|ец|ц[ауе]|цем)|сестр(?:а|ы|е|у|ой|ам|ами|ах)|сест[её]р|сестр(?:[её]нк|иц)\w+"
    r"|сын(?:а|у|ом|е|овья|овей|овьям|ок|ишк\w+)?|доч(?:ь|ери|ерью|ерей|ерям|к\w+|ур\w+)|дяд(?:я|и|е|ю|ей)"
    r"|т[её]т(?:я|и|е|ю|ей|к\w+)|(?:пра)?бабушк\w+|бабк\w+|(?:пра)?дедушк\w+|дед(?:а|у|ом|е|ы|ов)?"
    r"|(?:пра)?внук(?:а|у|ом|е|и|ов|ам|ами|ах)?|(?:пра)?внучк\w+|внучек|племянни[кц]\w*|свекр\w+|т[её]щ\w+|тест(?:ь|я|ю|ем)"
    r"|зят(?:ь|я|ю|ем|ья)|невестк\w+|сно[хш]\w+|шурин\w*|девер\w+|золовк\w+|отчим\w*|мачех\w+|падчериц\w+|пасын[ок]\w*"
    r"|вдов(?:а|ы|е|у|ой|ец|ца|цу)|двоюродн\w+|троюродн\w+|невест(?:а|ы|е|у|ой)|жених\w*|родственни[кц]\w*|родн(?:я|и|ю|[её]й)"
    r"|кр[её]стн(?:ый|ая|ого|ой|ому|ую|ым)|близнец\w*|сирот(?:а|ы|е|у|ой)|опекун\w*|т[её]зк\w+"
    r"|сосед(?:а|у|ом|е|и|ей|ям|ями|ях|к\w+)?|соседок|одноклассни[кц]\w*|однокурсни[кц]\w*|сокамерни[кц]\w*|сослужив\w+"
    r"|однополчан\w+|земля(?:к|ка|ку|ком|ки|ков|кам|чк\w+)|коллег(?:а|и|е|у|ой|ам|ами|ах)?|подруг(?:а|и|е|у|ой|ам|ами|ах)?"
    r"|напарни[кц]\w*|хозя(?:йк\w+|ин\w*|ев\w*)\s+(?:квартир\w+|дом\w*|комнат\w+)"
)
_KAZAKH_KIN = (
    r"(?:ана|шеше|әке|аға|іні|әпке|апа|тәте|қарындас|сіңлі|әйел|жұбай|зайыб|күйеу|жолдас|ұл|қыз|бала|ата|әже|немере|жиен|келін"
    r"|келіншег|қалыңдығ|сүйікті|нағашы|жезде|балдыз|жеңге|ене|қайны|қайнаға|қайнене|бөле|бажа|құда|құдағи|бауыр|туыс|жесір|егіз"
    r"|көрші|дос|әріптес|камералас|бөлмелес|сыныптас|курстас|құрдас|жерлес|құрбы|күйеу\s?бала)(?:сы|сі|ы|і|м|ым|ім|мыз|міз"
    r"|ымыз|іміз|лары|лері|дары|дері|тары|тері)(?:н|ны|ні|ның|нің|на|не|нда|нде|нан|нен|мен)?"
    r"|жары(?:н|ның|на|нан|мен)?|(?:камералас|бөлмелес)\w*"
)
"""With whose they are, as Kazakh says it."""
_ENGLISH_KIN = (
    r"\w+-in-law|in-laws|(?:step|god|grand)?(?:mother|father|son|daughter|parent)s?|step(?:brother|sister)s?|wife|wives|husbands?"
    r"|spouses?|brothers?|sisters?|uncles?|aunts?|nieces?|nephews?|cousins?|widow(?:er)?|orphan(?:ed)?|fianc[ée]e?|girlfriends?"
    r"|boyfriends?|neighbou?rs?|classmates?|cellmates?|roommates?|flatmates?|colleagues?|co-?workers?|landlad(?:y|ies)"
    r"|landlords?|relatives?"
)
_RUSSIAN_CLOSE = (
    r"реб[её]н(?:ок|ка|ку|ком|ке)|дет(?:и|ей|ям|ьми|ях)|девушк\w+|друг(?:а|у|ом|е)?|друзь\w+|приятел\w+|знаком(?:ый|ая|ого|ой)"
    r"|начальни[кц]\w*|партн[её]р\w*|близки(?:е|х|м|ми)"
)
_ENGLISH_CLOSE = r"child(?:ren)?|kids?|baby|babies|friends?|partners?|twins?|boss|employers?|teachers?"
_RUSSIAN_WHOSE = (
    r"(?:его|е[её]|их|мо(?:й|я|и|его|ей|их|им|ему|ю|[её]м|ими)|сво(?:й|я|и|его|ей|их|им|ему|ю|[её]м|ими)|наш\w{0,3}"
    rf"|{TAKEN})"
)
_OF_WHOM = r"(?:заявител|задержан|осужд|обвиняем|подсудим|потерпевш|пострадавш|погибш|арестован|свидетел|детств)\w*"
_ENGLISH_WHOSE = rf"(?:his|her|their|my|our|whose|\w+[’']s|{TAKEN}(?:[’']s)?)"
_OF_THE = r"(?:detain|complain|applic|defend|victim|witness|accused|convict|prison)\w*"
_CLOSE = (
    rf"{_RUSSIAN_WHOSE}\s+(?:[а-яё]+\s+)?(?:{_RUSSIAN_CLOSE})",
    rf"(?:{_RUSSIAN_CLOSE})\s+(?:[а-яё]+\s+)?(?:{TAKEN}|{_OF_WHOM})",
    rf"{_ENGLISH_WHOSE}\s+(?:[a-z]+\s+)?(?:{_ENGLISH_CLOSE})",
    rf"(?:{_ENGLISH_CLOSE})\s+of\s+(?:his|hers|theirs|mine|{TAKEN}|the\s+{_OF_THE})",
)
KIN = words(_RUSSIAN_KIN, _KAZAKH_KIN, _ENGLISH_KIN, *_CLOSE)
ONLY = words(
    r"единственн(?:ый|ая|ого|ой|ому|ую|ым|ом)|жалғыз\w*|бір\s+ғана|(?:the|his|her|their|my)\s+only|sole\s+\w+|больше\s+никого"
    r"|no\s+other\s+\w+|басқа\s+ешкім"
)
POSTS = words(
    r"учител\w+|преподавател\w+|воспитател\w+|завуч\w*|директор\w*|врач\w*|медсестр\w+|фельдшер\w*|водител\w+|имам\w*|продав\w+"
    r"|бухгалтер\w*|инженер\w*|журналист\w*|тренер\w*|библиотекар\w+|сторож\w*|аким\w*|председател\w+|депутат\w*|студент\w*"
    r"|мұғалім\w*|тәрбиеші\w*|дәрігер\w*|мейірбике\w*|жүргізуші\w*|сатушы\w*|есепші\w*|жаттықтырушы\w*|әкім(?!дік)\w*|төраға\w*"
    r"|teachers?|head(?:master|mistress)|principal|doctors?|nurses?|drivers?|imams?|shopkeepers?|accountants?|engineers?"
    r"|journalists?|coach(?:es)?|librarians?|students?"
)
PLACES = words(
    r"школ\w*|детск\w+\s+сад\w*|больниц\w*|поликлиник\w*|мечет\w*|завод\w*|фабрик\w*|колледж\w*|университет\w*|институт\w*"
    r"|ау[лы]\w*|сел[оаеу]|пос[её]л\w+|район\w*|магазин\w*|газет\w*|мектеп\w*|балабақша\w*|аурухана\w*|емхана\w*|мешіт\w*"
    r"|зауыт\w*|дүкен\w*|schools?|kindergartens?|hospitals?|clinics?|mosques?|factor(?:y|ies)|plants?|colleges?|universit\w+"
    r"|villages?|districts?|shops?|newspapers?|№\s?\d+|no\.\s?\d+"
)
_CUT = r"(?-i:к?(?:ов|ев|ёв)(?:а|у|ой|ым|ых|ы|е)?|ин(?:а|у|ой|ым)|енко|ск(?:ий|ая|ого|ой|ому|им))"  # "Сына кова"
_GREAT = r"Отан|Жеңіс|дала|Жібек|Британия|Октябрь|Қазан|жүз|ақын|ұстаз|мереке|той|держава|хан|халық|көш|тұлға"
_CAPITAL, _SMALL = "А-ЯЁӘІҢҒҮҰҚӨҺ", "а-яёәіңғүұқөһ"
_THINGS = (
    r"(?:way|thing|reason|exit|door|window|evidence|proof|document|file|question|answer|time|day|condition|source|road|purpose"
    r"|aim|choice|option|cop|light|toilet|room|copy|demand)(?:s|ies)?"
)
_RUSSIAN_THINGS = (
    r"выход|способ|пут|причин|доказательств|вопрос|окн|двер|раз|документ|услов|дорог|источник|цел|выбор|шанс|экземпляр|копи"
    r"|требован|основани|повод"
)
_KAZAKH_THINGS = (
    r"жол|себеп|терезе|есік|рет|сөз|күн|сағат|құжат|дәлел|мақсат|шарт|сұрақ|жауап|нұсқа|дана|бөлме|орын|көлік|парақ"
)
NOBODY = words(
    rf"(?:{_RUSSIAN_KIN})[\s\u00a0-]+{_CUT}",
    r"мать-и-мачех\w+",
    r"пап\w+\s+римск\w+",
    r"друг\s+(?:\w{1,3}\s+)?друг\w*",
    rf"ұлы\s+(?:{_GREAT})\w*",
    rf"(?<=\S\s)(?-i:[{_CAPITAL}][{_SMALL}]+(?<![ндт][ыі]ң))\s+(?:ұлы|қызы)\w*",  # a patronymic: "Мысал қызы"
    rf"(?:the|his|her|their|my)\s+only\s+(?:\w+\s+)?{_THINGS}",
    rf"(?:sole|no\s+other)\s+{_THINGS}",
    rf"единственн\w+\s+(?:\w+\s+)?(?:{_RUSSIAN_THINGS})\w*",
    rf"(?:жалғыз|бір\s+ғана)\s+(?:{_KAZAKH_THINGS})\w*",
    r"mother\s+(?:tongue|countr|land)\w*",
    r"(?:sister|parent|partner)\s+(?:organi[sz]ation|compan|institution|cit(?:y|ies)|part(?:y|ies)|paper)\w*",
)
