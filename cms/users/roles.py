"""What each role may do, as data. Rights over pages of one country or language are in `cms.workflows.policies`."""

from __future__ import annotations

from dataclasses import dataclass, field

from cms.users.choices import Role

PAGE_AUTHOR = ("add_page", "change_page")
PAGE_PUBLISHER = (*PAGE_AUTHOR, "publish_page", "lock_page", "unlock_page", "bulk_delete_page")
ALL = ("view", "add", "change", "delete")
KEEP = ("view", "add", "change")
LOOK = ("view",)

VOCABULARIES = ("taxonomy.country", "taxonomy.theme", "taxonomy.concept", "taxonomy.organisation")
FIGURES = ("reports.observation", "reports.importrun")
IMPORTS = ("reports.statisticsupload",)
BRING = ("view", "add")
RECORDS = ("reports.measure", "practices.practiceadaptation")
KEYS = ("partners.partnerkey",)
GLOSSARY = ("translation.glossaryterm",)
WEBHOOKS = ("delivery.subscription",)
SETTINGS = (
    "users.user",
    "auth.group",
    "wagtailcore.site",
    "wagtailcore.locale",
    "wagtailcore.collection",
    "wagtailcore.workflow",
    "wagtailcore.task",
    "wagtailredirects.redirect",
)


@dataclass(frozen=True)
class Rights:
    """Codenames of rights over all pages and over all pictures and documents, and actions by model."""

    pages: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    models: dict[str, tuple[str, ...]] = field(default_factory=dict)


def each(models: tuple[str, ...], actions: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(models, actions)


RIGHTS: dict[Role, Rights] = {
    Role.ADMINISTRATOR: Rights(
        PAGE_PUBLISHER,
        ("add", "change", "choose", "delete"),
        each((*SETTINGS, *VOCABULARIES, *RECORDS, *GLOSSARY, *WEBHOOKS, "reports.indicator"), ALL)
        | each(FIGURES, LOOK)
        | each(IMPORTS, BRING)
        | each(KEYS, KEEP)
        | each(("django_tasks_database.dbtaskresult",), ("view", "change")),
    ),
    Role.PUBLISHER: Rights(
        PAGE_PUBLISHER,
        ("add", "change", "choose", "delete"),
        each(RECORDS, ALL)
        | each(("taxonomy.organisation", "taxonomy.theme", *GLOSSARY), KEEP)
        | each(("reports.indicator",), LOOK),
    ),
    Role.EDITOR: Rights(
        PAGE_AUTHOR,
        ("add", "change", "choose"),
        each(RECORDS, KEEP) | each(("taxonomy.organisation",), KEEP) | each(GLOSSARY, LOOK),
    ),
    Role.FOCAL_POINT: Rights(
        files=("add", "choose"),
        models=each(("reports.measure",), KEEP) | each(("reports.observation",), LOOK) | each(IMPORTS, BRING),
    ),
    Role.TRANSLATOR: Rights(files=("choose",), models=each(GLOSSARY, LOOK)),
    Role.TRANSLATION_REVIEWER: Rights(files=("choose",), models=each(GLOSSARY, ALL)),
    Role.IDEA_MODERATOR: Rights(models=each(("ideas.idea",), LOOK)),
    Role.DATA_MANAGER: Rights(
        files=("add", "choose"),
        models=each(("reports.indicator", "reports.measure", "taxonomy.organisation"), KEEP)
        | each(FIGURES, LOOK)
        | each(IMPORTS, BRING),
    ),
    Role.PARTNER_MANAGER: Rights(models=each(KEYS, KEEP) | each(WEBHOOKS, ALL)),
}
