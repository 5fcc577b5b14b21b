"""Make the pictures of the docs: a question of each solution notebook, as a browser shows it.

    python docs/screenshots.py [--mathjax FILE] [NAME...]

Runs each notebook, so it takes some minutes. Formulas need MathJax 2 (npm package mathjax@2);
without --mathjax they are shown as LaTeX. Needs Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import HTMLExporter
from nbconvert.preprocessors import ExecutePreprocessor
from playwright.sync_api import sync_playwright

from grader.course import assignment_names, load_assignment

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "pictures"
# The question of each notebook whose picture says most.
SHOWN = {
    "layers": "conv2d",
    "activations": "gradient_through_depth",
    "keras_layers": "batch_normalization",
    "vgg": "receptive_field",
    "resnet": "degradation",
    "initialization": "forward_activations",
    "augmentation": "ten_crop",
    "transfer": "linear_probe",
    "hyperparameters": "learning_rate_search",
}
WIDTH, SECONDS = 980, 300
CELLS = ("text", "answer", "check", "picture")


def main() -> None:
    """Run, convert, take a screenshot."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mathjax", type=Path)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    TARGET.mkdir(exist_ok=True)
    for name in options.names or assignment_names(ROOT):
        notebook = executed(name)
        page = html(only(notebook, SHOWN[name]), options.mathjax)
        photograph(page, TARGET / f"{name}.png")
        print(f"Wrote docs/pictures/{name}.png")


def executed(name: str) -> Any:
    """The solution notebook with its outputs."""
    assignment = load_assignment(name, ROOT)
    notebook = nbformat.read(assignment.source, as_version=4)
    runner = ExecutePreprocessor(timeout=SECONDS, kernel_name="python3", skip_cells_with_tag="")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(assignment.released_cases, folder)
        runner.preprocess(notebook, {"metadata": {"path": folder}})
    return notebook


def only(notebook: Any, question: str) -> Any:
    """The cells of one question, without those that only repeat."""
    wanted = [f"{question}-{part}" for part in CELLS]
    notebook.cells = [cell for cell in notebook.cells if cell["id"] in wanted]
    return notebook


def html(notebook: Any, mathjax: Path | None) -> str:
    """The cells as a page of its own."""
    exporter = HTMLExporter()
    if mathjax is not None:
        exporter.mathjax_url = f"{mathjax.resolve().as_uri()}?config=TeX-AMS_SVG-full"
    page, _ = exporter.from_notebook_node(notebook)
    return str(page)


def photograph(page: str, target: Path) -> None:
    """The page as a PNG."""
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder, "page.html")
        file.write_text(page, encoding="utf-8")
        options = ["--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"]
        browser = playwright.chromium.launch(executable_path=found, args=options)
        tab = browser.new_page(viewport={"width": WIDTH, "height": 600})
        tab.goto(file.as_uri(), wait_until="load")
        tab.wait_for_timeout(3000)  # MathJax sets the formulas after the page has loaded
        tab.screenshot(path=target, full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
