"""How long the screens take on which staff begin their day: measured in this process, on the present database.

`.venv/bin/python benchmarks/staff.py [--users 200] [--requests 20] [--explain 50]`, after `manage.py install_roles` and
`manage.py install_workflow`. Accounts, drafts and reviews are made for the purpose, and undone in the end.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from datetime import timedelta
from typing import Any

from pages import ROOT, explain, measure

DRAFTS, REVIEWS = 600, 300
SHARES = {"editor": 30, "publisher": 10, "focal-point": 40, "translation-reviewer": 15, "administrator": 5}
SCREENS = {
    "Dashboard": "/admin/",
    "Practices": "/admin/practices/",
    "Practices, narrowed": "/admin/practices/?review_state=reviewed",
    "Practices, page 40, by title": "/admin/practices/?p=40&ordering=title",
    "Page tree": "/admin/pages/{catalogue}/",
    "Search of pages": "/admin/pages/search/?q=service",
    "Report: workflows": "/admin/reports/workflow/",
    "Report: tasks of workflows": "/admin/reports/workflow_tasks/",
    "Report: history of the site": "/admin/reports/site-history/",
    "Report: ageing pages": "/admin/reports/aging-pages/",
    "Report: background work": "/admin/reports/background/",
    "Accounts": "/admin/users/",
    "Translations": "/admin/translations/",
    "Translations, outdated": "/admin/translations/?language=kk&status=outdated",
    "Translations, missing, page 40": "/admin/translations/?status=missing&p=40",
}
ROLES = {
    "publisher": list(SCREENS),
    "administrator": list(SCREENS),
    "focal-point": ["Dashboard", "Practices", "Page tree"],
    "translation-reviewer": ["Dashboard", "Practices", "Translations", "Translations, outdated"],
    "editor": ["Dashboard", "Practices", "Report: ageing pages"],
}
NOT_FOR_PUBLISHERS = {"Report: background work", "Accounts"}


def main() -> None:
    options = arguments()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    import django

    django.setup()
    from django.db import connection, transaction
    from django.test import Client
    from wagtail.models import Page

    from cms.collection import keep_what_is_loaded

    with transaction.atomic():
        people = hire(options.users)
        work = fill()
        keep_what_is_loaded()  # as the web server does
        print(f"{connection.vendor}, {Page.objects.count()} pages, {options.users} accounts, {work}\n")
        print("| Role | Screen | Queries | p50 ms | p95 ms | p50 CPU ms | KB |")
        print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
        for role, screens in ROLES.items():
            if options.role not in ("", role):
                continue
            client = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
            client.force_login(people[role])
            for name in screens:
                if role == "publisher" and name in NOT_FOR_PUBLISHERS:
                    continue
                measured = measure(client, name, [SCREENS[name].format(catalogue=catalogue())], options)
                print(f"| {role} {measured.row}", flush=True)
                for query in measured.slow:
                    explain(query)
        transaction.set_rollback(True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--role", default="", choices=ROLES, help="This role alone.")
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--requests", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--explain", type=float, metavar="MILLISECONDS")
    return parser.parse_args()


def catalogue() -> int:
    from practices.models import PracticeIndexPage

    return int(PracticeIndexPage.objects.get(locale__language_code="en").pk)


def hire(count: int) -> dict[str, Any]:
    """Accounts in the usual shares; one of each role."""
    from cms.users.models import RoleAssignment, User
    from cms.users.services import assign
    from practices.models import PracticePage
    from taxonomy.models import Country

    countries = list(Country.objects.filter(pk__in=PracticePage.objects.order_by().values("country"))[:40])
    found: dict[str, Any] = {}
    roles = [role for role, share in SHARES.items() for _one in range(count * share // 100)]
    for number, role in enumerate(roles):
        login = f"bench-{number}"
        user = User(username=login, email=f"{login}@example.org", first_name="Bench", last_name=str(number))
        user.set_unusable_password()
        user.save()
        country = countries[number % len(countries)] if role == "focal-point" else None
        language = ("ru", "kk")[number % 2] if role == "translation-reviewer" else ""
        assign(user, [RoleAssignment(role=role, country=country, language=language)])
        found.setdefault(role, User.objects.get(pk=user.pk))
    return found


def fill() -> str:
    """Drafts of editors, and some of them in review, a third of these overdue."""
    from django.utils import timezone

    from cms.users.models import User
    from cms.workflows.models import ReviewState
    from practices.models import PracticePage

    editors = list(User.objects.filter(username__startswith="bench-", groups__name="editor"))
    pages = list(PracticePage.objects.filter(locale__language_code="en").order_by("pk")[:DRAFTS])
    for number, page in enumerate(pages):
        page.title = f"{page.title}, changed"
        page.save_revision(user=editors[number % len(editors)])
        if number < REVIEWS:
            page.get_workflow().start(page, editors[number % len(editors)])
    late = ReviewState.objects.order_by("pk")[: REVIEWS // 3].values("pk")
    days = random.Random(1).randint(1, 9)
    ReviewState.objects.filter(pk__in=late).update(due_at=timezone.now() - timedelta(days=days))
    return f"{len(pages)} drafts, {min(REVIEWS, len(pages))} reviews"


if __name__ == "__main__":
    main()
