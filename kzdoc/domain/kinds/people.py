"""People and groups: who they are, how they are reached, and whether they may be named."""

from __future__ import annotations

from kzdoc.domain.field import Field, Kind, Sensitivity, Type
from kzdoc.domain.kinds.life import LIFE
from kzdoc.domain.kinds.recurring import SOURCE, WORK_NOTES, sameness
from kzdoc.language import Text

PERSON = Kind(
    "person",
    Text("Person or group", "Человек или группа", "Адам немесе топ"),
    Text("People and groups", "Люди и группы", "Адамдар мен топтар"),
    (
        Field(
            "name_kk",
            Type.TEXT,
            Sensitivity.IDENTITY,
            Text("Name in Kazakh", "Имя по-казахски", "Қазақша аты-жөні"),
            Text(
                "As in the person's papers; spelling matters in court and in searches.",
                "Как в документах; написание важно для суда и поиска.",
                "Құжаттағыдай; сот пен іздеу үшін жазылуы маңызды.",
            ),
            "ESF 0903; WGAD I.1",
            name_of=True,
            listed=True,
            section="names",
        ),
        Field(
            "name_ru",
            Type.TEXT,
            Sensitivity.IDENTITY,
            Text("Name in Russian", "Имя по-русски", "Орысша аты-жөні"),
            Text(
                "Official papers are often in Russian and spell it differently.",
                "Официальные бумаги часто на русском и пишут иначе.",
                "Ресми қағаздар көбіне орысша, жазылуы өзгеше.",
            ),
            "ESF 0903; WGAD I.1",
            name_of=True,
            listed=True,
            section="names",
        ),
        Field(
            "name_latin",
            Type.TEXT,
            Sensitivity.IDENTITY,
            Text("Name in Latin letters", "Имя латиницей", "Латын әрпімен аты-жөні"),
            Text(
                "For international bodies: as in the passport where there is one.",
                "Для международных органов: как в паспорте, если он есть.",
                "Халықаралық органдарға: төлқұжат болса, сондағыдай.",
            ),
            "ESF 0903; WGAD I.1",
            name_of=True,
            listed=True,
            section="names",
        ),
        Field(
            "aliases",
            Type.TEXT,
            Sensitivity.IDENTITY,
            Text("Other names and spellings", "Другие имена и написания", "Басқа аттары мен жазылулары"),
            Text(
                "Nicknames, earlier names and spellings, so that the person is found and hidden in every form.",
                "Прозвища, прежние имена и написания, чтобы находить и скрывать человека в любой форме.",
                "Лақап, бұрынғы аттары мен жазылулары: адамды кез келген түрде табу және жасыру үшін.",
            ),
            "ESF 0904",
            name_of=True,
            many=True,
            section="names",
        ),
        Field(
            "counting_unit",
            Type.CHOICE,
            Sensitivity.OPEN,
            Text("Counted as", "Единица учёта", "Есеп бірлігі"),
            Text(
                "A family or an organisation must not be counted as one person.",
                "Семью или организацию нельзя считать одним человеком.",
                "Отбасын немесе ұйымды бір адам деп санауға болмайды.",
            ),
            "ESF 0902",
            vocabulary="counting_unit",
            facet=True,
        ),
        Field(
            "group_size",
            Type.FIGURE,
            Sensitivity.OPEN,
            Text("Number of people in the group", "Сколько людей в группе", "Топтағы адам саны"),
            Text(
                'Only for a group; with "at least" or "about" where it is not exact.',
                "Только для группы; с «не менее» или «около», если неточно.",
                "Тек топ үшін; нақты болмаса, «кемінде» немесе «шамамен» деп.",
            ),
            "ESF 0931",
        ),
        *LIFE,
        Field(
            "naming_basis",
            Type.CHOICE,
            Sensitivity.OPEN,
            Text("May be named because", "Можно называть, потому что", "Атауға негіз"),
            Text(
                "Without a basis the name stays inside the organisation.",
                "Без основания имя не выходит из организации.",
                "Негізсіз аты ұйымнан тыс шықпайды.",
            ),
            "Murad Code",
            vocabulary="naming_basis",
            facet=True,
            section="naming",
        ),
        Field(
            "naming_source",
            Type.LINK,
            Sensitivity.OPEN,
            Text("Where it is already public", "Где уже опубликовано", "Қайда жарияланған"),
            Text(
                "The publication or office that the basis rests on.",
                "Публикация или должность, на которой основание держится.",
                "Негіз сүйенетін жарияланым немесе лауазым.",
            ),
            to="source",
            many=True,
            section="naming",
        ),
        Field(
            "naming_decided_by",
            Type.TEXT,
            Sensitivity.WORK,
            Text("Who decided", "Кто решил", "Кім шешті"),
            Text(
                "So that the decision can be asked about.",
                "Чтобы о решении можно было спросить.",
                "Шешім туралы сұрауға болуы үшін.",
            ),
            section="naming",
        ),
        Field(
            "naming_decided_on",
            Type.DATE,
            Sensitivity.OPEN,
            Text("When it was decided", "Когда решено", "Қашан шешілді"),
            Text(
                "A decision may need to be looked at again.",
                "Решение, возможно, придётся пересмотреть.",
                "Шешімді қайта қарау керек болуы мүмкін.",
            ),
            section="naming",
        ),
        Field(
            "description",
            Type.LONG_TEXT,
            Sensitivity.NARRATIVE,
            Text("Description", "Описание", "Сипаттамасы"),
            Text(
                "Who this is, for those who do not know; also of people without a known name.",
                "Кто это, для тех, кто не знает; и о людях без известного имени.",
                "Білмейтіндерге бұл кім екені; аты белгісіз адам туралы да.",
            ),
            "ESF 0930",
        ),
        Field(
            "related",
            Type.LINK,
            Sensitivity.IDENTITY,
            Text("Related people", "Связанные люди", "Байланысты адамдар"),
            Text(
                "Family and colleagues may be under threat too.",
                "Родным и коллегам тоже может грозить опасность.",
                "Туыстары мен әріптестеріне де қауіп төнуі мүмкін.",
            ),
            "ESF 2303",
            to="person",
            many=True,
        ),
        SOURCE,
        *sameness("person"),
        WORK_NOTES,
    ),
    title=("name_kk", "name_ru", "name_latin", "aliases", "description"),
    group="people",
)

KINDS = (PERSON,)
