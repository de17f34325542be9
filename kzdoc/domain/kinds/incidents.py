"""Events: what happened, where and when, to whom and by whom."""

from __future__ import annotations

from dataclasses import replace

from kzdoc.domain.field import Field, Kind, Sensitivity, Type
from kzdoc.domain.kinds.recurring import CERTAINTY, REGION, SOURCE, WORK_NOTES, sameness
from kzdoc.language import Text

EVENT = Kind(
    "event",
    Text("Event", "Событие", "Оқиға"),
    Text("Events", "События", "Оқиғалар"),
    (
        Field(
            "title",
            Type.TEXT,
            Sensitivity.OPEN,
            Text("Title", "Название", "Атауы"),
            Text(
                "A short neutral name without names of private people.",
                "Короткое нейтральное название без имён частных лиц.",
                "Жеке адамдардың атынсыз, қысқа бейтарап атау.",
            ),
            "ESF 0102",
            listed=True,
        ),
        Field(
            "type",
            Type.CHOICE,
            Sensitivity.OPEN,
            Text("Type of event", "Тип события", "Оқиға түрі"),
            Text(
                "Lets like events be found and counted together.",
                "Позволяет находить и считать похожие события.",
                "Ұқсас оқиғаларды табуға және санауға мүмкіндік береді.",
            ),
            "ESF 2109",
            vocabulary="event_type",
            many=True,
            facet=True,
            listed=True,
        ),
        Field(
            "date",
            Type.DATE,
            Sensitivity.OPEN,
            Text("Date", "Дата", "Күні"),
            Text(
                'As far as it is known; a month or "about" is enough.',
                "Насколько известно; достаточно месяца или «около».",
                "Белгілі шамада; ай немесе «шамамен» жеткілікті.",
            ),
            "ESF 0113; ESF 0114",
            listed=True,
        ),
        Field(
            "time",
            Type.TIME,
            Sensitivity.QUASI,
            Text("Time", "Время", "Уақыты"),
            Text(
                "Times from several witnesses are compared.",
                "Время по словам разных свидетелей сверяется.",
                "Әр куәгердің айтқан уақыты салыстырылады.",
            ),
            "ESF 2111",
        ),
        replace(REGION, listed=True),
        Field(
            "place",
            Type.TEXT,
            Sensitivity.LOCATION,
            Text("Place", "Место", "Орны"),
            Text(
                "As exact as is safe to keep.",
                "Настолько точно, насколько безопасно хранить.",
                "Сақтау қауіпсіз болатындай дәлдікпен.",
            ),
            "ESF 0112",
            listed=True,
        ),
        Field(
            "place_kind",
            Type.CHOICE,
            Sensitivity.OPEN,
            Text("Kind of place", "Вид места", "Орын түрі"),
            Text(
                "Shows where people are at risk.",
                "Показывает, где люди в опасности.",
                "Адамдарға қай жерде қауіп барын көрсетеді.",
            ),
            "ESF 2153",
            vocabulary="place_kind",
            facet=True,
        ),
        Field(
            "description",
            Type.LONG_TEXT,
            Sensitivity.NARRATIVE,
            Text("What happened", "Что произошло", "Не болды"),
            Text(
                "In order of time; what was seen apart from what was heard.",
                "По порядку; увиденное отдельно от услышанного.",
                "Рет-ретімен; көргенді естігеннен бөлек.",
            ),
            "ESF 0115",
            section="course",
        ),
        Field(
            "organiser",
            Type.TEXT,
            Sensitivity.IDENTITY,
            Text("Organiser", "Организатор", "Ұйымдастырушы"),
            Text(
                "Organisers are charged more often than others.",
                "Организаторов привлекают чаще других.",
                "Ұйымдастырушылар жиірек жауапқа тартылады.",
            ),
            "ESF 0150",
            name_of=True,
        ),
        Field(
            "participants",
            Type.FIGURE,
            Sensitivity.OPEN,
            Text("How many took part", "Сколько участвовало", "Қанша адам қатысты"),
            Text(
                "With its qualifier; different sources give different numbers.",
                "С оговоркой; разные источники дают разные числа.",
                "Ескертпесімен; әр дереккөз әртүрлі сан береді.",
            ),
            "ESF 0931",
        ),
        Field(
            "persons",
            Type.LINK,
            Sensitivity.OPEN,
            Text("People concerned", "Кого касается", "Кімге қатысты"),
            Text("The people it happened to.", "Люди, с которыми это произошло.", "Осы жағдай басынан өткен адамдар."),
            "ESF 2102",
            to="person",
            many=True,
        ),
        Field(
            "officials",
            Type.LINK,
            Sensitivity.OPEN,
            Text("Officials involved", "Причастные должностные лица", "Қатысы бар лауазымды адамдар"),
            Text(
                "Responsibility is personal; only those acting in office.",
                "Ответственность персональна; только при исполнении.",
                "Жауапкершілік жеке; тек қызмет бабында әрекет еткендер.",
            ),
            "ESF 2402",
            to="person",
            many=True,
        ),
        Field(
            "agency",
            Type.CHOICE,
            Sensitivity.OPEN,
            Text("Force or body involved", "Причастное ведомство", "Қатысы бар орган"),
            Text(
                "Who used force or stood by.",
                "Кто применял силу или бездействовал.",
                "Кім күш қолданды немесе қарап тұрды.",
            ),
            "ESF 2412",
            vocabulary="agency",
            many=True,
            facet=True,
        ),
        Field(
            "part_of",
            Type.LINK,
            Sensitivity.OPEN,
            Text("Part of another event", "Часть другого события", "Басқа оқиғаның бөлігі"),
            Text(
                "A raid before a rally belongs to the rally.",
                "Рейд перед митингом относится к митингу.",
                "Митинг алдындағы рейд сол митингке жатады.",
            ),
            "ESF 2203",
            to="event",
        ),
        Field(
            "stated_reason",
            Type.LONG_TEXT,
            Sensitivity.OPEN,
            Text("Reason given by the authorities", "Причина по версии властей", "Билік айтқан себеп"),
            Text(
                "Their own words are evidence too.",
                "Их собственные слова — тоже доказательство.",
                "Олардың өз сөзі де айғақ.",
            ),
            "ESF 2113",
            section="course",
        ),
        Field(
            "response",
            Type.LONG_TEXT,
            Sensitivity.OPEN,
            Text("Response of the authorities", "Реакция властей", "Биліктің ден қоюы"),
            Text(
                "Investigated, denied, or silent.",
                "Расследовали, отрицали или молчали.",
                "Тергеді, жоққа шығарды немесе үндемеді.",
            ),
            "ESF 2613",
            section="outcome",
        ),
        CERTAINTY,
        SOURCE,
        *sameness("event"),
        WORK_NOTES,
    ),
    title=("title", "place"),
    group="incidents",
)

KINDS = (EVENT,)
