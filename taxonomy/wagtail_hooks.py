from wagtail.snippets.models import register_snippet

from taxonomy.viewsets import VocabularyGroup

register_snippet(VocabularyGroup)
