"""Ornaments: geometric patterns that stand for items without a picture, the same for the same item."""

from cms.core.ornament.png import ornament_png
from cms.core.ornament.svg import ornament_svg

__all__ = ["ornament_png", "ornament_svg"]
