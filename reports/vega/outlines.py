"""Outlines of countries, from the file of Natural Earth (public domain, 1:110 million) that geopandas brings.

Only that file is read; the code of geopandas and what it asks for are not. The outlines are those of the data, without
any judgement on them: see the disclaimer under each map.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapefile

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = "datasets/naturalearth_lowres/naturalearth_lowres.shp"
# Nobody lives there all the year, and it takes a fifth of the map.
LEFT_OUT = {"ATA"}
DECIMALS = 2
# Degrees, a little more than a pixel of the map.
NEAR = 0.8
LEAST = 8


@cache
def outlines() -> list[tuple[str, dict[str, Any]]]:
    """(ISO 3166-1 alpha-3 code, GeoJSON feature) of each area; the code is no code of ISO where there is none.

    Raises `FileNotFoundError` where the file is not installed.
    """
    package = find_spec("geopandas")
    if package is None or not package.submodule_search_locations:
        raise FileNotFoundError("geopandas, which brings the outlines of countries, is not installed")
    path = Path(package.submodule_search_locations[0]) / FILE
    with shapefile.Reader(str(path)) as reader:
        return [
            (code, {"type": "Feature", "geometry": simplified(entry.shape.__geo_interface__)})
            for entry in reader.iterShapeRecords()
            for code in [str(entry.record["iso_a3"])]
            if code not in LEFT_OUT
        ]


def simplified(geometry: dict[str, Any]) -> dict[str, Any]:
    """A polygon or polygons in degrees to two places, without points that a map of the world shows as one."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return {"type": "MultiPolygon", "coordinates": [[thinned(ring) for ring in polygon] for polygon in polygons]}


def thinned(ring: Sequence[Sequence[float]]) -> list[list[float]]:
    """A closed ring whose points are at least a short way apart; a small one as it is."""
    kept = [ring[0]]
    for point in ring[1:-1]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= NEAR:
            kept.append(point)
    corners = kept if len(kept) >= LEAST else list(ring[:-1])
    return [[round(one, DECIMALS) for one in point] for point in [*corners, corners[0]]]
