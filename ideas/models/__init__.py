from ideas.models.campaigns import CampaignPage
from ideas.models.pages import IdeaIndexPage, IdeaPage
from ideas.models.reviews import IdeaReview
from ideas.models.submissions import (
    ConsentText,
    Idea,
    IdeaEvent,
    IdeaFile,
    IdeaKey,
    Submitter,
    file_path,
    new_number,
    private_storage,
)

__all__ = [
    "CampaignPage",
    "ConsentText",
    "Idea",
    "IdeaEvent",
    "IdeaFile",
    "IdeaIndexPage",
    "IdeaKey",
    "IdeaPage",
    "IdeaReview",
    "Submitter",
    "file_path",
    "new_number",
    "private_storage",
]
