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
