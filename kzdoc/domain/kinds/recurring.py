"""Fields that stand in many kinds alike."""

from __future__ import annotations

from kzdoc.domain.field import Field, Sensitivity, Type
from kzdoc.language import Text

SOURCE = Field(
    "source",
    Type.LINK,
    Sensitivity.OPEN,
    Text("Sources", "Источники", "Дереккөздер"),
    Text(
        "What this rests on; printed as a footnote.",
        "На чём это основано; печатается сноской.",
        "Неге сүйенеді; сілтеме болып басылады.",
    ),
    "ESF 2502",
    many=True,
    to="source",
    section="origin",
)

WORK_NOTES = Field(
    "work_notes",
    Type.LONG_TEXT,
    Sensitivity.WORK,
    Text("Internal notes", "Внутренние заметки", "Ішкі жазбалар"),
    Text(
        "For the team only; never leaves the organisation.",
        "Только для команды; никогда не выходит наружу.",
        "Тек топқа арналған; сыртқа ешқашан шықпайды.",
    ),
    section="notes",
)

REGION = Field(
    "region",
    Type.CHOICE,
    Sensitivity.OPEN,
    Text("Region", "Область или город", "Облыс немесе қала"),
    Text(
        "Places cases on the map without giving an address.",
        "Показывает место на карте, не называя адреса.",
        "Мекенжайды атамай, картадағы орнын көрсетеді.",
    ),
    "ESF 0111",
    vocabulary="region",
    facet=True,
)

CERTAINTY = Field(
    "certainty",
    Type.CHOICE,
    Sensitivity.OPEN,
    Text("How certain", "Степень уверенности", "Сенімділік дәрежесі"),
    Text(
        "So that a reader sees what is proved and what is only said.",
        "Чтобы читатель видел, что доказано, а что лишь сказано.",
        "Оқырман ненің дәлелденгенін, ненің тек айтылғанын көруі үшін.",
    ),
    "ESF 0151",
    vocabulary="certainty",
    facet=True,
)


SAME_AS, NOT_SAME_AS = "same_as", "not_same_as"
"""The fields of a person and an event that say which records are one and which were found to be different."""


def sameness(to: str) -> tuple[Field, Field]:
    """Return the fields by which records of one kind are joined, parted and kept apart; they never leave the office."""
    joined = Field(
        SAME_AS,
        Type.LINK,
        Sensitivity.WORK,
        Text("The same as", "То же, что", "Мынамен бір"),
        Text(
            "Another record of the same one; both stay whole and can be parted again.",
            "Другая запись о том же; обе остаются целыми, их можно снова разъединить.",
            "Дәл соның басқа жазбасы; екеуі де бүтін қалады, қайта ажыратуға болады.",
        ),
        to=to,
        many=True,
        section="notes",
    )
    apart = Field(
        NOT_SAME_AS,
        Type.LINK,
        Sensitivity.WORK,
        Text("Not the same as", "Не то же, что", "Мынамен бір емес"),
        Text(
            "Looked alike and was found to be another; not proposed again.",
            "Похоже, но оказалось другим; больше не предлагается.",
            "Ұқсас, бірақ басқа болып шықты; қайта ұсынылмайды.",
        ),
        to=to,
        many=True,
        section="notes",
    )
    return joined, apart
