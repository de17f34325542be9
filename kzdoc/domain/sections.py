"""Words for the parts of a form and for the classes of sensitivity."""

from __future__ import annotations

from kzdoc.domain.field import Sensitivity
from kzdoc.language import Text

SENSITIVITY_LABELS = {
    Sensitivity.IDENTITY: Text("identity", "личность", "жеке басы"),
    Sensitivity.CONTACT: Text("contact", "контакты", "байланыс деректері"),
    Sensitivity.LOCATION: Text("place", "место", "орны"),
    Sensitivity.QUASI: Text("indirect signs", "косвенные признаки", "жанама белгілер"),
    Sensitivity.NARRATIVE: Text("account", "рассказ", "баяндау"),
    Sensitivity.PHOTO: Text("picture", "изображение", "бейне"),
    Sensitivity.MEDICAL: Text("health", "здоровье", "денсаулық"),
    Sensitivity.WORK: Text("internal notes", "внутренние заметки", "ішкі жазбалар"),
    Sensitivity.OPEN: Text("open", "открытое", "ашық"),
}

SECTIONS = {
    "main": Text("Main", "Главное", "Негізгі"),
    "names": Text("Names", "Имена", "Аты-жөні"),
    "life": Text("Life", "Жизнь", "Өмірбаян"),
    "contact": Text("Contacts", "Контакты", "Байланыс"),
    "naming": Text("May this person be named", "Можно ли называть имя", "Атын атауға бола ма"),
    "course": Text("What happened", "Что произошло", "Не болды"),
    "rights": Text("Rights at detention", "Права при задержании", "Ұстау кезіндегі құқықтар"),
    "outcome": Text("Outcome", "Исход", "Нәтижесі"),
    "court": Text("Court", "Суд", "Сот"),
    "scope": Text("Scope", "Объём", "Ауқымы"),
    "telling": Text("How it was told", "Как рассказано", "Қалай айтылды"),
    "health": Text("Health", "Здоровье", "Денсаулық"),
    "origin": Text("Where it comes from", "Откуда сведения", "Деректің шығу тегі"),
    "notes": Text("Internal notes", "Внутренние заметки", "Ішкі жазбалар"),
}
