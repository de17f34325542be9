"""Invented views: nobody in them exists."""

from __future__ import annotations

from collections.abc import Sequence

from kzdoc.domain.audience import Audience
from kzdoc.redaction.tokens import Token, ViewText
from kzdoc.redaction.view import View, ViewField, ViewRecord, Withheld

PERSON_TOKENS = {"en": "PERSON", "ru": "ПЕРСОНА", "kk": "ТҰЛҒА"}
HIDDEN = {"en": "[WITHHELD]", "ru": "[СКРЫТО]", "kk": "[ЖАСЫРЫН]"}


def said(text: str | ViewText) -> ViewText:
    return text if isinstance(text, ViewText) else ViewText((text,))


def field(id_: str, label: str, *values: str | ViewText, sort: str = "", conflict: bool = False) -> ViewField:
    return ViewField(id_, label, tuple(said(value) for value in values), conflict, sort)


def person_token(number: int, lang: str = "ru") -> Token:
    return Token(f"[{PERSON_TOKENS[lang]}-{number}]", "identity", "no_basis")


def hidden(lang: str = "ru") -> ViewText:
    return ViewText((Token(HIDDEN[lang], "contact", "profile"),))


def a_view(
    records: Sequence[ViewRecord],
    *,
    lang: str = "ru",
    audience: Audience = Audience.COURT,
    withheld: Sequence[Withheld] = (),
    recipient: str = "Районный суд № 0, Примерск",
    purpose: str = "Жалоба на незаконное задержание",
) -> View:
    shown = sum(len(item.values) for record in records for item in record.fields)
    return View(
        audience=audience,
        lang=lang,
        root=records[0].ref,
        records=tuple(records),
        withheld=tuple(withheld),
        recipient=recipient,
        purpose=purpose,
        date="2026-11-17",
        organisation="Правовой центр «Пример»",
        shown=shown,
    )


def record(ref: int, kind: str, title: str | ViewText, *fields: ViewField, **links: tuple[int, ...]) -> ViewRecord:
    return ViewRecord(ref, kind, said(title), fields, links)


def russian_case(account: str | None = None) -> View:
    told = account or (
        "Трое в форме взяли его под руки и посадили в белую машину. Он спросил, за что его задерживают, и не получил "
        "ответа. Протокол составили только вечером, в присутствии дежурного адвоката, которого он не выбирал."
    )
    records = [
        record(
            1,
            "person",
            "Тестов Данияр",
            field("name_ru", "Имя (рус.)", "Тестов Данияр"),
            field("name_kk", "Имя (каз.)", "Тестов Данияр"),
            field("born", "Дата рождения", "1987 год", sort="1987"),
            field("iin", "ИИН", hidden()),
            field("address", "Адрес", hidden()),
            field("occupation", "Занятие", "журналист", "редактор районной газеты", conflict=True),
            source=(8,),
        ),
        record(
            2,
            "status_event",
            "под стражей",
            field("status", "Положение", "под стражей"),
            field("date", "Дата", "3 марта 2019 г.", sort="2019-03-03"),
            source=(8, 9),
        ),
        record(
            3,
            "status_event",
            "освобождён условно",
            field("status", "Положение", "освобождён условно"),
            field("date", "Дата", "около 5 мая 2020 г.", sort="2020-05-05"),
            source=(9,),
        ),
        record(
            4,
            "charge",
            "ст. 174 ч. 1 УК",
            field("article", "Статья", "ст. 174 ч. 1 УК"),
            field("date", "Предъявлено", "5 марта 2019 г.", sort="2019-03-05"),
            field("outcome", "Исход", "осуждён, 4 года ограничения свободы"),
        ),
        record(
            5,
            "detention",
            "Задержание на центральной площади",
            field("actual_time", "Фактическое задержание", "3 марта 2019 г., около 11:20", sort="2019-03-03T11:20"),
            field("place_of_detention", "Место", "Примерск, центральная площадь"),
            field("agency", "Кто задержал", "полиция, трое в форме и один в штатском без знаков различия"),
            field("narrative", "Что произошло", told),
            source=(9,),
        ),
        record(
            6,
            "testimony",
            ViewText(("Рассказ очевидца ", person_token(2))),
            field("taken_on", "Когда рассказано", "март 2019 г.", sort="2019-03"),
            field(
                "text",
                "Рассказ",
                ViewText(
                    (
                        "Я стояла у входа в школу. Его держали двое, ",
                        person_token(2),
                        " кричала, чтобы отпустили. Потом подошла ",
                        person_token(3),
                        ", показала удостоверение и попросила всех разойтись.\nУ отдела уже стояли родственники: ",
                        person_token(4),
                        " и его жена. Им ничего не сказали.",
                    )
                ),
            ),
        ),
        record(
            7,
            "evidence_item",
            "Фото 1. Площадь, 11:42",
            field("description", "Описание", "Лица прохожих закрыты."),
            field("sha256", "Отпечаток SHA-256", "0f3a" * 16),
        ),
        record(
            8,
            "source",
            "Примерский вестник, 4 марта 2019 г.",
            field("url", "Адрес", "https://example.org/novosti/2019/03/04/zaderzhanie-na-ploshchadi-podrobnosti"),
        ),
        record(9, "source", "Заявление в прокуратуру", field("date", "Дата", "6 марта 2019 г.", sort="2019-03-06")),
    ]
    withheld = [
        Withheld("identity", "no_basis", 5, "Имена очевидцев и родственников: нет основания их называть."),
        Withheld("contact", "profile", 1, "Адрес: суду не нужен."),
        Withheld("identity", "profile", 1, "ИИН: показывается только заявителю."),
    ]
    return a_view(records, withheld=withheld)


def kazakh_case() -> View:
    records = [
        record(
            1,
            "person",
            "Үлгіқызы Әсем",
            field("name_kk", "Аты-жөні (қаз.)", "Үлгіқызы Әсем"),
            field("born", "Туған күні", "1990 жыл", sort="1990"),
            field("iin", "ЖСН", hidden("kk")),
            source=(3,),
        ),
        record(
            2,
            "detention",
            "Мысал қаласындағы ұстау",
            field("actual_time", "Нақты ұсталған уақыты", "2022 жылғы 5 қаңтар, 14:30 шамасында", sort="2022-01-05"),
            field(
                "narrative",
                "Не болды",
                ViewText(
                    (
                        "Ғимараттан шыққанда оны екі адам тоқтатты. Қасында ",
                        person_token(1, "kk"),
                        " болды, оны да қоса алып кетті. Туыстарына хабарланбады. Көлікте ₸ 20 000 жоғалды.",
                    )
                ),
            ),
            source=(3,),
        ),
        record(3, "source", "Өтініш № 12", field("date", "Күні", "2022 жылғы 7 қаңтар", sort="2022-01-07")),
    ]
    return a_view(
        records,
        lang="kk",
        audience=Audience.PUBLIC,
        recipient="Жалпы жұртшылық",
        purpose="Жылдық баяндама",
        withheld=[Withheld("identity", "no_basis", 1, "Куәгердің аты: оны атауға негіз жоқ.")],
    )


def english_case() -> View:
    records = [
        record(
            1,
            "person",
            "Ghalym Mysalov",
            field("name_latin", "Name (Latin)", "Ghalym Mysalov"),
            field("born", "Born", "between 1980 and 1982", sort="1980"),
            field("phone", "Phone", hidden("en")),
        ),
        record(
            2,
            "detention",
            "Detention near the station",
            field("actual_time", "Actually detained", "January 2022", sort="2022-01"),
            field(
                "narrative",
                "What happened",
                ViewText(("He was held for three days; his neighbour ", person_token(1, "en"), " saw it.")),
            ),
            source=(3,),
        ),
        record(3, "source", "Opinion of an invented working group", field("number", "Number", "№ 0/2099")),
    ]
    return a_view(
        records,
        lang="en",
        audience=Audience.UN,
        recipient="Invented working group",
        purpose="Communication",
        withheld=[Withheld("contact", "profile", 1, "Phone numbers: not needed by United Nations bodies.")],
    )
