"""The vocabularies that come with the installation: loaded whole, added to, and never in an editor's way."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

import pycountry
import pytest
from django.core.management import call_command
from django.utils import translation

from taxonomy.choices import Scheme
from taxonomy.models import Concept, ConceptLabel, Country, Theme, ThemeLabel
from taxonomy.services import load_vocabularies
from tests.factories.vocabularies import make_concept, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "ru", "kk")
TARGETS = {
    "en": "1-1-title: By 2030, end poverty.\n1-a-title: Ensure resources.\n10-2-title: Include all.\n1-1-text: None.\n",
    "ru": "1-1-title: К 2030 году покончить с бедностью.\n",
    "kk": "1-1-title: 2030 жылға қарай кедейлікті жою.\n10-2-title: ''\n",
}


def official_lists(folder: Path, **texts: str) -> Path:
    """Official lists of the Sustainable Development Goals in a folder, with some texts replaced."""
    for language, text in (TARGETS | texts).items():
        (folder / "sdg" / language).mkdir(parents=True, exist_ok=True)
        (folder / "sdg" / language / "global_targets.yml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def loaded(made_once: Callable[[Callable[[], Any]], Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = official_lists(tmp_path_factory.mktemp("data"))

    def load() -> tuple[Path, Any]:
        return folder, load_vocabularies(folder)

    return made_once(load)


def state() -> list[Any]:
    """Every row of every vocabulary and of its labels."""
    models: tuple[Any, ...] = (Country, Concept, ConceptLabel, Theme, ThemeLabel)
    return [list(model._base_manager.order_by("pk").values()) for model in models]


def run(*arguments: Any, **options: Any) -> str:
    output = StringIO()
    call_command("load_vocabularies", *arguments, stdout=output, **options)
    return output.getvalue()


def test_every_country_of_iso_3166_is_there_with_its_codes_and_region(loaded: Any) -> None:
    assert loaded[1]["countries"] == len(pycountry.countries) == Country.objects.count()
    kazakhstan = Country.objects.get(code="KZ")
    assert (kazakhstan.alpha3, kazakhstan.m49, kazakhstan.region, kazakhstan.subregion) == ("KAZ", "398", "142", "143")
    with translation.override("kk"):
        assert Country.objects.get(code="KZ").label == "Қазақстан"
    nameless = [row.code for row in Country.objects.all() if row.label in {row.code, row.alpha3}]
    assert nameless == []


def test_every_concept_of_the_fixed_lists_has_a_label_in_each_content_language(loaded: Any) -> None:
    fixed = Concept.objects.exclude(scheme=Scheme.SDG, code__contains=".")
    assert {scheme for scheme in Scheme.values if not fixed.filter(scheme=scheme).exists()} == set()
    incomplete = [
        str(concept)
        for concept in fixed
        if {label.language for label in concept.labels.all()} != set(LANGUAGES)
        or not all(label.label.strip() for label in concept.labels.all())
    ]
    assert incomplete == []


def test_classifications_are_trees_by_their_codes(loaded: Any) -> None:
    for scheme in (Scheme.COFOG, Scheme.SDG):
        rows = {row.code: row for row in Concept.objects.filter(scheme=scheme).select_related("parent")}
        below = {code for code in rows if "." in code}
        assert below
        for code in below:
            parent = rows[code].parent
            assert parent is not None, code
            assert parent.code == code.rpartition(".")[0]
        assert all(rows[code].parent is None for code in rows.keys() - below)
    order = [row.code for row in Concept.objects.filter(scheme=Scheme.COFOG) if "." not in row.code]
    assert order == sorted(order)


def test_themes_have_texts_and_synonyms_and_at_most_three_levels(loaded: Any) -> None:
    assert loaded[1]["themes"] == Theme.objects.count() > 20
    for theme in Theme.objects.all():
        assert theme.depth <= 3
        assert {label.language for label in theme.labels.all()} == set(LANGUAGES), theme.code
        assert all(label.definition and label.label for label in theme.labels.all()), theme.code
    assert Theme.concepts.through.objects.exists()


def test_targets_come_from_the_official_lists_in_their_order(loaded: Any) -> None:
    targets = Concept.objects.filter(scheme=Scheme.SDG, code__contains=".")
    assert [target.code for target in targets] == ["1.1", "1.a", "10.2"]
    labels = {target.code: {row.language: row.label for row in target.labels.all()} for target in targets}
    assert labels["1.1"] == {
        "en": "By 2030, end poverty.",
        "ru": "К 2030 году покончить с бедностью.",
        "kk": "2030 жылға қарай кедейлікті жою.",
    }
    assert labels["10.2"] == {"en": "Include all."}, "an empty text is none"


def test_a_second_run_changes_nothing(loaded: Any) -> None:
    before = state()
    assert run(data=loaded[0]) == "0 countries added, 0 concepts added, 0 themes added\n"
    assert state() == before


def test_what_editors_wrote_and_arranged_stays(loaded: Any) -> None:
    theme = Theme.objects.filter(parent=None).first()
    concept = Concept.objects.filter(scheme=Scheme.LEVEL).first()
    assert theme is not None
    assert concept is not None
    theme.labels.filter(language="ru").update(label="Свои слова", synonyms="одно\nдругое")
    concept.labels.filter(language="kk").update(label="Өз сөзім")
    Theme.objects.filter(pk=theme.pk).update(sort_order=99, opsi_issue="Own")
    Country.objects.filter(code="KZ").update(region="", subregion="")
    before = state()

    load_vocabularies(loaded[0])

    assert state() == before


def test_what_was_deleted_or_is_new_is_added(loaded: Any) -> None:
    Country.objects.filter(code="AW").delete()
    leaf = Theme.objects.filter(children=None).order_by("-pk").first()
    assert leaf is not None
    leaf.delete()
    Concept.objects.filter(scheme=Scheme.SDG, code="10.2").delete()
    ConceptLabel.objects.filter(owner__scheme=Scheme.STAGE, language="kk").delete()

    added = load_vocabularies(loaded[0])

    assert (added["countries"], added["themes"], added["concepts"]) == (1, 1, 1)
    assert Theme.objects.filter(code=leaf.code).exists()
    stages = Concept.objects.filter(scheme=Scheme.STAGE)
    assert ConceptLabel.objects.filter(owner__in=stages, language="kk").count() == stages.count()


def test_rows_of_an_editor_s_own_are_left_alone(loaded: Any) -> None:
    make_theme("of-our-own")
    make_concept(Scheme.LEVEL, "village")
    load_vocabularies(loaded[0])
    assert Theme.objects.get(code="of-our-own").labels.count() == 1
    assert Concept.objects.get(code="village").labels.count() == 1


def test_readers_see_what_was_added_at_once(client: Client, loaded: Any) -> None:
    Theme.objects.filter(children=None).delete()
    assert Theme.vocabulary().rows
    number = len(Theme.vocabulary().rows)
    load_vocabularies(loaded[0])
    assert len(Theme.vocabulary().rows) > number
