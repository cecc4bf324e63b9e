"""`make screenshots`: the pictures of the documentation, from a running site with the demonstration content."""

from __future__ import annotations

import os
import shutil
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import ViewportSize, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
SITE = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
PICTURES = {
    "home": "/en/",
    "practices": "/ru/praktiki/",
    "practice": "/kk/tazhiribeler/civil-service-tracing-reserve/",
    "country": "/en/countries/kz/",
    "indicator": "/en/indicators/OXCGRT.STRINGENCY/",
    "arabic": "/ar/",
}
WINDOW: ViewportSize = {"width": 1280, "height": 800}
WIDTH = 960


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=WINDOW, color_scheme="light")
        for name, path in PICTURES.items():
            page.goto(SITE + path)
            picture = Image.open(BytesIO(page.screenshot()))
            picture.thumbnail((WIDTH, WIDTH))
            picture.save(IMAGES / f"{name}.webp", quality=60, method=6)
            print(f"docs/images/{name}.webp")
        browser.close()


if __name__ == "__main__":
    main()
