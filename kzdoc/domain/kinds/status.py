"""What a person's status was on a day, and the lists people stand on."""

from __future__ import annotations

from dataclasses import replace

from kzdoc.domain.field import Field, Kind, Sensitivity, Type
from kzdoc.domain.kinds.recurring import CERTAINTY, SOURCE, WORK_NOTES
from kzdoc.language import Text

STATUS_EVENT = Kind(
    "status_event",
    Text("Change of status", "Изменение статуса", "Мәртебенің өзгеруі"),
    Text("Changes of status", "Изменения статуса", "Мәртебе өзгерістері"),
    (
        Field(
            "person",
            Type.LINK,
            Sensitivity.OPEN,
            Text("Person", "Человек", "Адам"),
            Text("Whose status changed.", "Чей статус изменился.", "Кімнің мәртебесі өзгерді."),
            "ESF 2302",
            to="person",
            listed=True,
        ),
        Field(
            "date",
            Type.DATE,
            Sensitivity.OPEN,
            Text("Since", "С какого дня", "Қай күннен"),
            Text(
                "The status holds until the next change.",
                "Статус действует до следующего изменения.",
                "Мәртебе келесі өзгеріске дейін сақталады.",
            ),
            "ESF 2310",
            listed=True,
        ),
        Field(
            "status",
            Type.CHOICE,
            Sensitivity.OPEN,
            Text("Status", "Статус", "Мәртебесі"),
            Text(
                'Answers "who is held today".',
                "Отвечает, кто сегодня удерживается.",
                "Бүгін кім ұсталып отыр деген сұраққа жауап.",
            ),
            "ESF 2123",
            vocabulary="status",
            facet=True,
            listed=True,
        ),
        Field(
            "legal_basis",
            Type.CHOICE,
            Sensitivity.OPEN,
            Text("Legal basis", "Правовое основание", "Құқықтық негізі"),
            Text(
                "A release under another article may be revoked.",
                "Освобождение по иной статье может быть отозвано.",
                "Өзге бап бойынша босату кері қайтарылуы мүмкін.",
            ),
            "ESF 2154",
            vocabulary="article",
            many=True,
            facet=True,
        ),
        Field(
            "months",
            Type.NUMBER,
            Sensitivity.OPEN,
            Text("Term in months", "Срок в месяцах", "Мерзімі, ай"),
            Text(
                "For sorting and for the end of the term.",
                "Для сортировки и расчёта конца срока.",
                "Сұрыптау және мерзім соңын есептеу үшін.",
            ),
            "ESF 2121",
        ),
        Field(
            "term_text",
            Type.TEXT,
            Sensitivity.OPEN,
            Text("Term as stated", "Срок как указан", "Көрсетілген мерзім"),
            Text(
                "As in the judgment or the report.",
                "Как в приговоре или докладе.",
                "Үкімдегідей немесе баяндамадағыдай.",
            ),
            "ESF 2121",
        ),
        Field(
            "facility",
            Type.TEXT,
            Sensitivity.QUASI,
            Text("Where held", "Где содержится", "Қайда ұсталып отыр"),
            Text(
                "Every move is a change of its own.",
                "Каждый перевод — отдельное изменение.",
                "Әр ауыстыру — бөлек өзгеріс.",
            ),
            "ESF 2122",
        ),
        Field(
            "restrictions",
            Type.CHOICE,
            Sensitivity.OPEN,
            Text("Restrictions", "Ограничения", "Шектеулер"),
            Text(
                "A person out of prison may still be silenced.",
                "Человек вне тюрьмы всё ещё может быть лишён голоса.",
                "Түрмеден шыққан адамның да үні өшірілуі мүмкін.",
            ),
            "ESF 2123",
            vocabulary="restriction",
            many=True,
            facet=True,
            section="outcome",
        ),
        Field(
            "revocable",
            Type.YESNO,
            Sensitivity.OPEN,
            Text("May it be revoked", "Может ли быть отозвано", "Кері қайтарылуы мүмкін бе"),
            Text(
                "A warning that the person may be jailed again.",
                "Предупреждение, что человека могут вернуть.",
                "Адамның қайта қамалуы мүмкін екенін ескертеді.",
            ),
            "ESF 2123",
            section="outcome",
        ),
        Field(
            "official_cause",
            Type.LONG_TEXT,
            Sensitivity.MEDICAL,
            Text(
                "Official cause of death or illness",
                "Официальная причина смерти или болезни",
                "Өлімнің не аурудың ресми себебі",
            ),
            Text(
                "Kept beside what the family says.",
                "Хранится рядом с версией семьи.",
                "Отбасы айтқанымен қатар сақталады.",
            ),
            "ESF 3213",
            section="health",
        ),
        Field(
            "alleged_cause",
            Type.LONG_TEXT,
            Sensitivity.MEDICAL,
            Text("Cause according to others", "Причина по словам других", "Басқалар айтқан себеп"),
            Text(
                "Kept beside what the authorities say.",
                "Хранится рядом с версией властей.",
                "Билік айтқанымен қатар сақталады.",
            ),
            "ESF 3212",
            section="health",
        ),
        Field(
            "description",
            Type.LONG_TEXT,
            Sensitivity.NARRATIVE,
            Text("Description", "Описание", "Сипаттамасы"),
            Text("What the words above leave out.", "То, чего нет в полях выше.", "Жоғарыдағы өрістерге сыймағаны."),
            "ESF 3110",
            section="course",
        ),
        replace(CERTAINTY, listed=True),
        SOURCE,
        WORK_NOTES,
    ),
    title=("description",),
    group="detention",
)


LIST_MEMBERSHIP = Kind(
    "list_membership",
    Text("Place on a list", "Включение в список", "Тізімге енгізу"),
    Text("Places on lists", "Включения в списки", "Тізімге енгізулер"),
    (
        Field(
            "person",
            Type.LINK,
            Sensitivity.OPEN,
            Text("Person", "Человек", "Адам"),
            Text("Who is on the list.", "Кто в списке.", "Тізімде кім бар."),
            "ESF 2302",
            to="person",
            listed=True,
        ),
        Field(
            "list",
            Type.CHOICE,
            Sensitivity.OPEN,
            Text("List", "Список", "Тізім"),
            Text(
                "A list is counted as of a day.",
                "Список считается на определённый день.",
                "Тізім белгілі бір күнге саналады.",
            ),
            "ESF 0168",
            vocabulary="list",
            facet=True,
            listed=True,
        ),
        Field(
            "list_name",
            Type.TEXT,
            Sensitivity.OPEN,
            Text("Name of the list", "Название списка", "Тізімнің атауы"),
            Text(
                "Lists of different organisations differ.",
                "Списки разных организаций различаются.",
                "Әр ұйымның тізімі әртүрлі.",
            ),
            "ESF 0168",
            listed=True,
        ),
        Field(
            "compiled_by",
            Type.TEXT,
            Sensitivity.OPEN,
            Text("Compiled by", "Составитель", "Құрастырушы"),
            Text("Whose criteria decided.", "Чьи критерии решали.", "Кімнің өлшемшарты шешті."),
            "ESF 0168",
        ),
        Field(
            "from",
            Type.DATE,
            Sensitivity.OPEN,
            Text("On the list since", "В списке с", "Тізімде қай күннен"),
            Text(
                "From this day the person is counted.",
                "С этого дня человек учитывается.",
                "Осы күннен бастап есепке алынады.",
            ),
            "ESF 2310",
            listed=True,
        ),
        Field(
            "to",
            Type.DATE,
            Sensitivity.OPEN,
            Text("On the list until", "В списке по", "Тізімде қай күнге дейін"),
            Text("Empty while still on it.", "Пусто, пока остаётся в списке.", "Тізімде тұрғанда бос қалады."),
            "ESF 2311",
            listed=True,
        ),
        Field(
            "reason",
            Type.LONG_TEXT,
            Sensitivity.NARRATIVE,
            Text("Why put on or taken off", "Почему включён или исключён", "Неге енгізілді не шығарылды"),
            Text(
                "So that the list can be explained.",
                "Чтобы список можно было объяснить.",
                "Тізімді түсіндіруге болуы үшін.",
            ),
            "ESF 0150",
        ),
        SOURCE,
        WORK_NOTES,
    ),
    title=("list_name",),
    group="detention",
)

KINDS = (STATUS_EVENT, LIST_MEMBERSHIP)
