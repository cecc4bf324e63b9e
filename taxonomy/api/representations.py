"""What the published ledger keeps of vocabularies: what their endpoints give, in all languages."""

from dataclasses import replace

from cms.api.representations import of_endpoint
from cms.media.models import Image
from taxonomy.api.endpoints import Concepts, Countries, Organisations, Themes
from taxonomy.models import Concept, Country, Organisation, Theme

KINDS = (
    of_endpoint("countries", Country, Countries, country_of=lambda row: row),
    of_endpoint("themes", Theme, Themes, shows=((Theme, "parent__in"),)),
    of_endpoint(
        "organisations",
        Organisation,
        Organisations,
        shows=(
            (Country, "country__in"),
            (Image, "logo__in"),
            (Organisation, "parent__in"),
            (Organisation, "merged_into__in"),
        ),
    ),
    replace(of_endpoint("vocabularies", Concept, Concepts, shows=((Concept, "parent__in"),)), named_by="vocabulary"),
)
