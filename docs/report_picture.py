"""Make docs/report.png: the report's overview of a made-up class, as a browser shows it.

    python docs/report_picture.py

Needs Chromium.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from grader.course import load_assignment
from grader.report.classroom.site import write_site
from tests.synthetic.grades import made_up_class

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "report.png"
SIZE = {"width": 1180, "height": 1000}
STUDENTS, COLOURS = 300, 64


def main() -> None:
    """Write the pages, take the picture, make it small."""
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        room = made_up_class(STUDENTS, assignment=load_assignment("layers", ROOT))
        index = write_site(Path(folder), room)
        options = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=found, args=options)
        page = browser.new_page(viewport=SIZE)
        page.goto(index.as_uri())
        page.screenshot(path=TARGET)
        browser.close()
    Image.open(TARGET).convert("RGB").quantize(COLOURS).save(TARGET, optimize=True)
    print(f"Wrote {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
