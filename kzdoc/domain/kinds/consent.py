"""Consent: what a person allowed to be shown to whom. None present means no; of two the stricter holds.

An author's agreement is of another sort: whose signed words stand in a verification pack gives away the key that wrote
them (docs/formats/pack.md).
"""

from __future__ import annotations

from kzdoc.domain.field import Field, Kind, Sensitivity, Type
from kzdoc.domain.kinds.recurring import WORK_NOTES
from kzdoc.language import Text

CONSENT = Kind(
    "consent",
    Text("Consent", "Согласие", "Келісім"),
    Text("Consents", "Согласия", "Келісімдер"),
    (
        Field(
            "person",
            Type.LINK,
            Sensitivity.OPEN,
            Text("Person", "Человек", "Адам"),
            Text("Whose consent it is.", "Чьё это согласие.", "Бұл кімнің келісімі."),
            "Murad Code",
            to="person",
            listed=True,
        ),
        Field(
            "about",
            Type.LINK,
            Sensitivity.OPEN,
            Text("Only for", "Только для", "Тек мыналар үшін"),
            Text(
                "Empty: for everything this person told or is told of.",
                "Пусто: для всего, что человек рассказал или что о нём.",
                "Бос болса: адам айтқанның және ол туралы айтылғанның бәріне.",
            ),
            "Murad Code",
            to="*",
            many=True,
            section="scope",
        ),
        Field(
            "classes",
            Type.CHOICE,
            Sensitivity.OPEN,
            Text("What may be shown", "Что можно показывать", "Нені көрсетуге болады"),
            Text("What was not asked means no.", "О чём не спросили, то нельзя.", "Сұралмағанға болмайды."),
            "Murad Code; MediCapt",
            vocabulary="sensitivity",
            many=True,
            listed=True,
            section="scope",
        ),
        Field(
            "audiences",
            Type.CHOICE,
            Sensitivity.OPEN,
            Text("To whom", "Кому", "Кімге"),
            Text(
                "Each reader is asked about apart.",
                "О каждом читателе спрашивают отдельно.",
                "Әр оқырман туралы бөлек сұралады.",
            ),
            "Murad Code",
            vocabulary="audience",
            many=True,
            listed=True,
            section="scope",
        ),
        Field(
            "purpose",
            Type.TEXT,
            Sensitivity.NARRATIVE,
            Text("For what", "Для чего", "Не үшін"),
            Text(
                "A new purpose needs a new consent.",
                "Новая цель требует нового согласия.",
                "Жаңа мақсатқа жаңа келісім керек.",
            ),
            "Murad Code",
            section="scope",
        ),
        Field(
            "given_on",
            Type.DATE,
            Sensitivity.OPEN,
            Text("Given on", "Когда дано", "Қашан берілді"),
            Text(
                "Before this day nothing was allowed.",
                "До этого дня ничего не разрешено.",
                "Бұл күнге дейін ештеңеге рұқсат жоқ.",
            ),
            "Murad Code",
            listed=True,
        ),
        Field(
            "given_to",
            Type.TEXT,
            Sensitivity.WORK,
            Text("Given to", "Кому дано", "Кімге берілді"),
            Text("Known inside only.", "Известно только внутри.", "Ішке ғана белгілі."),
            "Murad Code",
            section="telling",
        ),
        Field(
            "form",
            Type.CHOICE,
            Sensitivity.OPEN,
            Text("How it was given", "Как дано", "Қалай берілді"),
            Text(
                "Spoken consent counts, if recorded honestly.",
                "Устное согласие годится, если честно записано.",
                "Ауызша келісім де жарайды, адал жазылса.",
            ),
            "Murad Code",
            vocabulary="consent_form",
            facet=True,
            section="telling",
        ),
        Field(
            "language",
            Type.CHOICE,
            Sensitivity.OPEN,
            Text("Language", "Язык", "Тілі"),
            Text(
                "Consent in a language not understood is none.",
                "Согласие на непонятном языке — не согласие.",
                "Түсініксіз тілдегі келісім — келісім емес.",
            ),
            "Murad Code",
            vocabulary="language",
            section="telling",
        ),
        Field(
            "risks_explained",
            Type.YESNO,
            Sensitivity.OPEN,
            Text("Were the risks explained", "Объяснены ли риски", "Қауіптері түсіндірілді ме"),
            Text(
                "Consent without knowing the risk does not hold.",
                "Согласие без знания рисков не действует.",
                "Қауіпті білмей берілген келісім жарамайды.",
            ),
            "Murad Code",
            section="telling",
        ),
        Field(
            "voluntary",
            Type.YESNO,
            Sensitivity.OPEN,
            Text("Was it given freely", "Дано ли свободно", "Еркін берілді ме"),
            Text(
                "Nobody in the room had power over the person.",
                "Никто рядом не имел власти над человеком.",
                "Қасында оған билігі жүретін ешкім болмады.",
            ),
            "MediCapt",
            section="telling",
        ),
        Field(
            "represented_by",
            Type.LINK,
            Sensitivity.IDENTITY,
            Text("Given by a representative", "Через представителя", "Өкілі арқылы"),
            Text(
                "Parent or guardian, for a minor or the ill.",
                "Родитель или опекун, за ребёнка или больного.",
                "Бала не науқас үшін ата-ана немесе қорғаншы.",
            ),
            "MediCapt",
            to="person",
            section="telling",
        ),
        Field(
            "recording",
            Type.LINK,
            Sensitivity.OPEN,
            Text("Paper or recording", "Бумага или запись", "Қағаз немесе жазба"),
            Text(
                "The signed sheet or the recording.", "Подписанный лист или запись.", "Қол қойылған парақ немесе жазба."
            ),
            "Murad Code",
            to="evidence_item",
            many=True,
            section="origin",
        ),
        Field(
            "expires",
            Type.DATE,
            Sensitivity.OPEN,
            Text("Holds until", "Действует до", "Қай күнге дейін жарамды"),
            Text("After this day it means no.", "После этого дня — нет.", "Осы күннен кейін — болмайды."),
            "Murad Code",
            listed=True,
            section="scope",
        ),
        Field(
            "withdrawn_on",
            Type.DATE,
            Sensitivity.OPEN,
            Text("Withdrawn on", "Отозвано", "Қашан қайтарып алынды"),
            Text(
                "Withdrawing is always possible and holds at once.",
                "Отозвать можно всегда, действует сразу.",
                "Кез келген уақытта қайтарып алуға болады, бірден күшіне енеді.",
            ),
            "Murad Code",
            listed=True,
            section="outcome",
        ),
        WORK_NOTES,
    ),
    title=("purpose",),
    group="consent",
)

PROOF_AGREEMENT = Kind(
    "proof_agreement",
    Text("Author's agreement", "Согласие автора", "Автордың келісімі"),
    Text("Authors' agreements", "Согласия авторов", "Авторлардың келісімдері"),
    (
        Field(
            "recipient",
            Type.TEXT,
            Sensitivity.OPEN,
            Text("For whom", "Для кого", "Кімге"),
            Text(
                "This reader may get proof that your key wrote what is shown. Only you yourself can agree.",
                "Этот читатель может получить доказательство, что показанное написано вашим ключом. "
                "Согласиться можете только вы сами.",
                "Бұл оқырман көрсетілгеннің сіздің кілтіңізбен жазылғанына дәлел ала алады. "
                "Тек өзіңіз ғана келісе аласыз.",
            ),
            listed=True,
        ),
        Field(
            "given_on",
            Type.DATE,
            Sensitivity.OPEN,
            Text("Given on", "Когда дано", "Қашан берілді"),
            Text(
                "Before this day nothing was allowed.",
                "До этого дня ничего не разрешено.",
                "Бұл күнге дейін ештеңеге рұқсат жоқ.",
            ),
            listed=True,
        ),
        Field(
            "expires",
            Type.DATE,
            Sensitivity.OPEN,
            Text("Holds until", "Действует до", "Қай күнге дейін жарамды"),
            Text("After this day it means no.", "После этого дня — нет.", "Осы күннен кейін — болмайды."),
            listed=True,
            section="scope",
        ),
        Field(
            "withdrawn_on",
            Type.DATE,
            Sensitivity.OPEN,
            Text("Withdrawn on", "Отозвано", "Қашан қайтарып алынды"),
            Text(
                "A pack that has left can't be called back.",
                "Отданный пакет вернуть нельзя.",
                "Берілген пакетті қайтарып алуға болмайды.",
            ),
            listed=True,
            section="outcome",
        ),
        WORK_NOTES,
    ),
    title=("recipient",),
    group="consent",
)

KINDS = (CONSENT, PROOF_AGREEMENT)
