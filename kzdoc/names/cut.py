"""What is written like a person's name cut short: «Ж-ва», «Ж***», «гр. К.», «мырза Қ.», «Ms. Zh.», «Жанб. Айгүл».

Rules: found by the form of writing alone, whoever is known; a lone word counts only directly beside a token that
stands for a person, where it is likely another part of the name. Of such a form nothing tells whose it is, so it is
compared as it is written (``cut_form``), but for case and spaces. What is asked about here is never replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from kzdoc.names.diminutives import whole_names
from kzdoc.names.fold import fold_word
from kzdoc.names.words import CAPITAL, LETTER, candidates, no_name

CUT = "\x01"
"""The mark of a name that is compared as it is written; no record can hold it."""

_LITTLE = LETTER.removesuffix("'’")
_INITIAL = rf"(?:Дж|Zh|Sh|Ch|Kh|Gh|Ye|Yu|Ya|[{CAPITAL}])"
_INITIALS = rf"{_INITIAL}(?:\.[\s\u00a0]?{_INITIAL}\.|\.)"
_END = (
    r"(?:(?:[оеё]?в|[оеё]ва|ва|ин|ина|на|ска|ска?я|ск?ий|бек|бай|баев|баева|беков|бекова|жан|хан|гүл|гуль?|"
    r"ұлы|улы|қызы|кызы|ович|евич|вич|овна|евна|вна|вой|ву|вым|ной|ну|ко|ян|швили)(?:[ауе]|ым|ой|ға|ге|қа|ке|ның|нің|"
    r"дың|дің|тың|тің|ны|ні|ды|ді|ты|ті|мен|бен|пен)?|(?:o|e|ye)v|(?:o|e|ye)?va|ina|sk(?:y|iy|aya)|ovich|ovna|"
    r"uly|kyzy|qyzy|bek|bay|bayev|baev)"
)
_DASHED = rf"(?<![\w-])[{CAPITAL}][{_LITTLE}]{{0,4}}[-‐‑–]{_END}(?![\w-])"
_MASKED = (
    rf"(?<!\w)[{CAPITAL}][{_LITTLE}]{{0,5}}(?:\*{{2,20}}[{_LITTLE}]{{0,8}}|_{{2,20}}(?!\w)|(?:…|\.{{2,6}}){_END}(?!\w))"
)
_HEADS = (
    r"(?:г-н[ауе]?|г-ном|г-ж[аиеу]|г-жой|гр\.|гр-н[ауе]?|гр-к[аиеу]|гр-кой|граждан(?:ин|к)[а-я]{0,2}|господин[а-я]{0,2}|"
    r"госпож[а-я]{1,2}|товарищ[а-я]{0,2}|потерпевш[а-я]{2,3}|свидетел[а-я]{1,7}|задержанн[а-я]{2,3}|подсудим[а-я]{2,3}|"
    r"обвиняем[а-я]{2,3}|осужд[её]нн[а-я]{2,3}|заявител[а-я]{1,7}|арестованн[а-я]{2,3}|заключ[её]нн[а-я]{2,3}|"
    r"мырза|ханым|азамат(?:ша)?|азаматы|куәгер|жәбірленуші|айыпталушы|сотталушы|сотталған|тұтқын|"
    r"mr\.?|mrs\.?|ms\.?|miss|mister|madam|detainee|defendant|victim|applicant|witness|prisoner)"
)
_NO_SURNAME = rf"(?![\s\u00a0]?[{CAPITAL}][{_LITTLE}'’])"
_NEXT = (
    r"(?=[\s\u00a0](?:Она|Он|Они|Ей|Ему|Его|Её|Их|Им|В|Во|На|Но|И|А|По|К|С|Со|После|Затем|Потом|Это|Там|Так|Как|За|У|"
    r"Ол|Олар|Оны|Оның|Оған|Бұл|Содан|Кейін|The|He|She|They|His|Her|It|In|On|At|After|Then|This)(?!\w))"
)
_TITLED = (
    rf"(?<![\w-])(?i:{_HEADS})(?:(?<=\.)|[\s\u00a0]{{1,3}})(?:{_INITIALS}(?:{_NO_SURNAME}|{_NEXT})|{_INITIAL}(?![\w.'’*_…‐‑-])"
    rf"{_NO_SURNAME})|(?<!\w)(?:{_INITIALS}|{_INITIAL})[\s\u00a0](?:мырза|ханым|азамат|азаматша)(?!\w)"
)
_CUT_OFF = re.compile(f"{_TITLED}|{_DASHED}|{_MASKED}")

_BEFORE_NAME = re.compile(
    rf"(?<![\w-])[{CAPITAL}][{_LITTLE}]{{1,6}}[бвгджзклмнпрстфхцчшщқғңһb-df-hj-np-tv-z]\.[\s\u00a0][{CAPITAL}][{_LITTLE}]+(?!\w)"
)
_CLUSTER = re.compile(r"[бвгджзклмнпрстфхцчшщқғңһ]{2}$")
_WORDLIKE = re.compile(
    r"(?:с[тк]|н[тдкс]|р[тдгкнмхпжфсц]|к[тс]|л[дтькпгмс]|нг|зд|кс|фт|мп|пт|тр|др|бр|гр|хт|рт|нд|ңғ|рқ|лт)$"
)
_ABBREVIATED_WORDS = (
    "респ просп корп подп полк проф акад центр отд стр долл млн млрд см гл напр англ франц нем дом рис табл "
    "прим сент окт нояб дек февр "
)
_ABBREVIATED = frozenset(_ABBREVIATED_WORDS.split())
_SMALL_SURNAME = rf"[{_LITTLE}]{{2,}}(?:[оеё]в(?:а|у|ым|ой)|баев[а-я]{{0,2}})"
_SPLIT = re.compile(
    rf"(?<![\w-])([{CAPITAL}][{_LITTLE}]+)[ \u00a0]"
    rf"({_SMALL_SURNAME}|[{_LITTLE}]{{3,}}[оеё]в)(?![\w-])"
)
_ORDINARY_WORDS = (
    "основой основа основу основе слова слову слове слово новой нового нова новым готова готов готовой снова "
    "права праву правой правым левой левым лево главой глава главу главе здорова здоров здоровой здоровым "
    "сурова суровой половой половым половую основ законов голосов часов судов домов годов лет трав прав слов "
    "коров каков какова какой таков такова кровь крови листов мостов краёв боёв случаев краев месяцев рабочев "
    "органов доводов документов фактов адвокатов следователей свидетелей вопросов ответов методов сроков видов "
    "родов отделов районов городов аулов остановой деловой трудовой правовой мировой плановой массовой базовой "
    "торговой налоговой часовой целевой столовой годовой дорогой уголовой бытовой финансовой страховой "
    "почтовой портовой полевой боевой силовой текстовой снегова рублёв рублев актов протоколов исков "
    "приговоров процессов штрафов арестов допросов обысков митингов активистов журналистов юристов экспертов "
    "студентов волонтёров зов клёв рёв хлев гнев нрав сов ввов "
)
_ORDINARY = frozenset(_ORDINARY_WORDS.split())

_JOINS = frozenset(" \u00a0-")
_BOTH = r"[ \u00a0]|-|[ \u00a0]?[(/][ \u00a0]?"
"""Between two words of one name; a bracket or a stroke only before or behind what is shaped like a surname."""
_LAST = re.compile(rf"(?<![\w-])([{CAPITAL}][{_LITTLE}]+|{_SMALL_SURNAME})({_BOTH})$")
_FIRST = re.compile(rf"({_BOTH})([{CAPITAL}][{_LITTLE}]+|{_SMALL_SURNAME})(?!\w)")
_HEADED = re.compile(r"(?:^|[.!?…:;—–«\"“„\n(]|[-•*])[\s\u00a0]{0,3}$")
_NAMED = re.compile(
    r"(?:[оеё]в(?:а|ой|у|ым)?|ин[ау]?|ск(?:ий|ая)|(?:бек|бай|жан|хан|гүл|ұлы|қызы)[а-яәғқңөұүһі]{0,4})$"
)
_PLACES_AND_DAYS_WORDS = (
    "алматы астана астане астаны алматыда астанада шымкент шымкенте қазақстан казахстан казахстана казахстане "
    "актау ақтау атырау орал уральск тараз павлодар костанай қостанай семей караганда қарағанды ақтөбе актобе "
    "kazakhstan almaty astana monday tuesday wednesday thursday friday saturday sunday january february march "
    "april may june july august september october november december the and of in on at he she it they his her "
    "this that was is street avenue region district oblast city village road "
)
_PLACES_AND_DAYS = frozenset(_PLACES_AND_DAYS_WORDS.split())


def cut_names(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of the names that are cut short in ``text``."""
    return [match.span() for match in _CUT_OFF.finditer(text)]


def cut_form(name: str) -> str:
    """Return by what a name is compared that is wholly a cut one, marked; "" for any other.

    The word before an initial counts in any case it stands in: «г-жу Б.» is «г-жа Б.», but no «г-н Б.».
    """
    text = " ".join(name.split())
    if _INITIAL_ALONE.fullmatch(text) or (_COVERED.fullmatch(text) and not _CUT_OFF.fullmatch(text)):
        return CUT + text.casefold().rstrip(".")
    return CUT + _in_one_case(text.casefold().rstrip(".")) if _CUT_OFF.fullmatch(text) else ""


_ADJECTIVE = r"^(потерпевш|задержанн|подсудим|обвиняем|осужд[её]нн|арестованн|заключ[её]нн)"
_ONE_CASE = (
    (r"^(г-н|гр-н|гражданин|господин|товарищ)(?:[ауе]|ом|ем)?(?= )", r"\1"),
    (r"^(г-ж|гр-к|гражданк|госпож)(?:[аиеу]|[ое]й)(?= )", r"\1а"),
    (r"^(свидетел|заявител)(?:ь|[яюе]|ем)(?= )", r"\1ь"),
    (r"^(свидетел|заявител)(?:ьниц)(?:[аыуе]|ей)(?= )", r"\1ьница"),
    (rf"{_ADJECTIVE}(?:[иы]й|[ео]го|[ео]му|[иы]м|[ео]м)(?= )", r"\1ий"),
    (rf"{_ADJECTIVE}(?:ая|ую|[ео][йю])(?= )", r"\1ая"),
)
"""How the words before an initial end in Russian, and in what one case they are compared."""


def _in_one_case(text: str) -> str:
    for shape, one in _ONE_CASE:
        text, changed = re.subn(shape, one, text)
        if changed:
            break
    return text


def lone_initials(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of the initials that stand for somebody alone: «Ч. рассказал», «задержали Ч.».

    An initial beside another, beside a name, or behind what is called by a letter (a street, a class) is none.
    """
    return [match.span() for match in _INITIAL_ALONE.finditer(text) if _alone(text, *match.span())]


_COVER = r"(?:[*_•■░▒▓█#~]{1,20}|…|\.{2,9}|[-‐‑–—]{2,9}|\[(?:…|\.{2,3})\]|\((?:…|\.{2,3})\)|[xXхХ]{3,20})"
_COVERED = re.compile(
    rf"(?<![\w.-])(?P<head>[{CAPITAL}]{{1,6}}?|[{CAPITAL}][{_LITTLE}]{{1,8}}?)(?P<cover>{_COVER})"
    rf"(?P<tail>[{CAPITAL}]{{0,8}}|[{_LITTLE}]{{0,8}})(?![\w-])"
    rf"|(?<![\w.-])(?P<letter>[{CAPITAL}])[-‐‑–—](?P<ending>[{CAPITAL}]{{2,8}}|[{_LITTLE}]{{1,8}})(?![\w-])"
)
_SURELY = re.compile(r"[*_•■░▒▓█#]")
"""What covers letters and does nothing else behind a word."""


def covered(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield (start, end, head, tail) of the words of which letters are covered: «Ж*ва», «Жан…», «Ж-ВА», «Ж[...]ва».

    What is left of the beginning and of the end; a lone letter with nothing behind it is none.
    """
    for match in _COVERED.finditer(text):
        head, tail = match["head"] or match["letter"], match["tail"] or match["ending"] or ""
        cover = match["cover"] or ""
        if tail or (len(head) > 1 and (_SURELY.search(cover) or cover[0] in "….[(xXхХ")):
            yield match.start(), match.end(), head, tail


_INITIAL_ALONE = re.compile(rf"(?<![\w.'’‐‑–-]){_INITIAL}\.(?!\w)")
_OTHER_BEFORE = re.compile(rf"(?:(?<!\w){_INITIAL}\.|[0-9№])[\s\u00a0]?$")
_CALLED_BY_A_LETTER = re.compile(
    r"(?<!\w)(?:г|гор|ул|им|с|п|пос|д|кв|св|ст|пр|р|класс\w{0,2}|групп\w{0,2}|корпус\w{0,2}|блок\w{0,2}|план\w{0,2}|"
    r"гепатит\w{0,2}|витамин\w{0,2}|литер\w{0,2}|пункт\w{0,2}|част\w{0,2}|категори\w{0,2}|камер\w{0,2}|сектор\w{0,2})\.?[\s\u00a0]$",
    re.IGNORECASE,
)
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[\s\u00a0]$")
_GOES_ON = re.compile(
    rf"[\s\u00a0](?:[{_LITTLE}]{{2}}|[авикосуя][\s\u00a0])|[,;:!?»”)…\n]|[\s\u00a0]?[-–—][\s\u00a0]|\s*$|{_NEXT}"
)


def _alone(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 24) : start]
    if _OTHER_BEFORE.search(before) or _CALLED_BY_A_LETTER.search(before):
        return False
    word = _WORD_BEFORE.search(before)
    if word and word[1][0].isupper() and not no_name(word[1]):
        return False
    return _GOES_ON.match(text, end) is not None


def written_names(text: str, *, behind: bool = False, ahead: bool = False) -> list[tuple[int, int]]:
    """Return (start, end) of all that is written like a name, whole or cut, in order and apart from each other.

    ``behind``: a token that stands for a person comes directly before ``text``; ``ahead``: directly after it.
    """
    found: list[tuple[int, int]] = []
    for start, end in chain(
        cut_names(text), _abbreviated(text), _split(text), candidates(text), beside_token(text, behind, ahead)
    ):
        if not any(start < last and first < end for first, last in found):
            found.append((start, end))
    return sorted(found)


def beside_token(text: str, behind: bool, ahead: bool) -> list[tuple[int, int]]:
    """Return the lone words directly beside a token that may be another part of the name it stands for."""
    found = []
    first = _FIRST.match(text) if behind else None
    if first and _may_be_one(first[2], headed=False) and (first[1] in _JOINS or _NAMED.search(first[2])):
        found.append(first.span(2))
    last = _LAST.search(text, max(0, len(text) - _REACH)) if ahead else None
    headed = last is not None and _HEADED.search(text, max(0, last.start() - 4), last.start()) is not None
    if last and _may_be_one(last[1], headed=headed) and (last[2] in _JOINS or _NAMED.search(last[1])):
        found.append(last.span(1))
    return found


_REACH = 48


def _may_be_one(word: str, *, headed: bool) -> bool:
    if word.lower() in _PLACES_AND_DAYS or word.lower() in _ORDINARY or no_name(word):
        return False
    if word[0].islower() or not headed:
        return True
    return _NAMED.search(word) is not None or bool(whole_names(word, fold_word(word), beside=True))


def _abbreviated(text: str) -> list[tuple[int, int]]:
    """Return where a surname cut short stands before a name: «Жанб. Айгүл»; a sentence that ends is none."""
    found = []
    for match in _BEFORE_NAME.finditer(text):
        head = match.group().partition(".")[0].lower()
        if head not in _ABBREVIATED and not no_name(head) and _CLUSTER.search(head) and not _WORDLIKE.search(head):
            found.append(match.span())
    return found


def _split(text: str) -> list[tuple[int, int]]:
    """Return where a surname stands in small letters beside a word written large: «Жан болатовой»."""
    found = []
    for match in _SPLIT.finditer(text):
        headed = _HEADED.search(text, max(0, match.start() - 4), match.start()) is not None
        named = bool(whole_names(match[1], fold_word(match[1]))) or _NAMED.search(match[1]) is not None
        if match[2].endswith("в") and not whole_names(match[1], fold_word(match[1])):  # "Сход отцов"
            continue
        if match[2] not in _ORDINARY and not no_name(match[1]) and (named or not headed):
            found.append(match.span())
    return found
