"""The very scripts of GitHub, GitLab and Gradescope, with their variables and folders.

What pip would fetch from an index is put into the scripts' Python beforehand; the grader itself is
installed by them from its wheel.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

import jsonschema
import junitparser
import pytest
import yaml

from examples.make import submission
from grader.exports.wheel import wheel
from tests.unit.exports import schemas

pytestmark = [
    pytest.mark.xdist_group("platforms"),
    pytest.mark.skipif(os.geteuid() != 0, reason="the platforms run as root; not here"),
]
ROOT = Path(__file__).parent.parent.parent
WITHOUT_INDEX = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1"}
OURS = frozenset({"HOME", "LANG", "TMPDIR"})
# A Python for all users, as the platforms have it: of one below /root nothing can be kept closed.
SYSTEM = "/usr/local/bin:/usr/bin:/bin"
PYTHON = shutil.which("python3", path=SYSTEM)
SECRET = "zq7token"
# Curious: it looks for what it should not find, and fails wherever it finds anything. Its other
# functions are wrong, and give orders to the platform.
SPY = """\
import os
def dropout_train(x, p, rng):
    found = []
    for place in %(places)r:
        for root, folders, names in os.walk(place):
            found += names
        try:
            with open(os.path.join(place, "results.json"), "w") as file:
                file.write('{"score": 100}')
            found.append("written")
        except OSError:
            pass
    if found:
        raise ValueError(str(found))
    print("::set-output name=score::100\\n::error::zq7order")
    return x * (rng.random(x.shape) < p)


def dropout_predict(x, p):
    raise ValueError("\\n::set-output name=score::100\\n::error::zq7order")


def dropout(x, p, rng, training):
    return x


def log10_num_masks(units):
    return 0.0
"""


@pytest.fixture(scope="module")
def home():
    """A folder that other users may read, as /opt is, with room for the scripts' Python."""
    folder = Path(tempfile.mkdtemp(prefix="grader-platforms-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def python(home):
    """The scripts' virtual environment: ci/install.sh made it, in a folder full of traps."""
    if PYTHON is None or version(PYTHON) != version(sys.executable):
        pytest.skip("no Python for all users has the version that the packages are installed for")
    student = traps(home / "student")
    environment = home / "keras-grader"
    name, content = wheel()
    (home / name).write_bytes(content)
    run(["bash", ROOT / "ci/install.sh", environment, home / name], student, **WITHOUT_INDEX)
    packages = next(environment.glob("lib/python*/site-packages"))
    (packages / "index.pth").write_text(sysconfig.get_path("purelib"))
    assert not (home / "trapped").exists()
    return environment


@pytest.fixture(scope="module")
def gradescope(home, python):
    """An image of Gradescope's: the autograder unpacked and set up by its own setup.sh."""
    root = home / "autograder"
    archive = root / "autograder.zip"
    run(
        [
            *(python / "bin/grader", "export", "gradescope-autograder", "layers"),
            *("--course", ROOT, "--output", archive),
        ],
        home,
    )
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(root / "source")
    archive.unlink()
    done = run(["bash", root / "source/setup.sh"], root, **image(root, python), **WITHOUT_INDEX)
    assert "ready for layers" in done.stdout
    return root


def version(python):
    command = [python, "-I", "-c", "import sys, ensurepip; print(sys.version_info[:2])"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def image(root, python):
    return {"AUTOGRADER_ROOT": str(root), "GRADER_VENV": str(python)}


def traps(folder):
    """A student's repository in which each name that Python could import would leave a mark."""
    folder.mkdir()
    trap = f"open({str(folder.parent / 'trapped')!r}, 'w')"
    for name in ("pip", "venv", "grader", "numpy", "sitecustomize", "json", "conftest"):
        (folder / f"{name}.py").write_text(trap)
    return folder


def run(command, folder, *, code=0, **environment):
    kept = {name: value for name, value in os.environ.items() if name in OURS}
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env={**kept, "PATH": SYSTEM, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == code, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    assert "Traceback" not in done.stdout + done.stderr
    return done


def hand_in(folder, name, dropout=None, places=()):
    folder.mkdir(parents=True, exist_ok=True)
    own = {"dropout": SPY % {"places": [str(place) for place in places]}} if dropout else {}
    (folder / name).write_text(json.dumps(submission(own)))


def autograde(root, python):
    shutil.rmtree(root / "results", ignore_errors=True)
    done = run(["bash", root / "source/run_autograder"], root, **image(root, python))
    document = json.loads((root / "results/results.json").read_text())
    jsonschema.validate(document, schemas.GRADESCOPE)
    return document, done


@pytest.fixture
def handed_in(gradescope):
    """Gradescope's folder of the submission, empty."""
    folder = gradescope / "submission"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def test_gradescope_keeps_tests_and_score_from_a_spy(gradescope, python, handed_in):
    """The spy finds no hidden file, writes no score, and gets the points of its right answers."""
    hand_in(handed_in, "ada.ipynb", "spy", [gradescope / "source", gradescope / "results"])

    document, _ = autograde(gradescope, python)

    scores = {test["name"]: test["score"] for test in document["tests"]}
    assert document["score"] == 90 + scores["Dropout"]
    assert 0 < scores["Dropout"] < 10
    assert document["stdout_visibility"] == "hidden"


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ((), "No notebook was handed in: expected one named layers.ipynb."),
        (("a.ipynb", "b.ipynb"), "2 notebooks were handed in (a.ipynb, b.ipynb)"),
        (("broken.ipynb",), "broken.ipynb"),
    ],
    ids=["none", "two", "no_json"],
)
def test_gradescope_says_in_a_sentence_what_was_not_graded(
    gradescope, python, handed_in, names, sentence
):
    """No notebook, several or a damaged one: a sentence, and no score that could be a zero."""
    for name in names:
        (handed_in / name).write_text("{")

    document, _ = autograde(gradescope, python)

    assert sentence in document["output"]
    assert "score" not in document
    assert not any("score" in test for test in document["tests"])


def test_gradescope_shows_no_zero_where_the_grader_fails(gradescope, python, handed_in):
    """Our fault is said to be ours, the score is absent, the cause is for the instructor alone."""
    hand_in(handed_in, "layers.ipynb")
    tests = gradescope / "source/course/solutions/layers/test_layers.py"
    right = tests.read_text()
    try:
        tests.write_text(f"{right}\nraise RuntimeError('{SECRET}')\n")
        document, done = autograde(gradescope, python)
    finally:
        tests.write_text(right)

    assert "not your fault" in document["output"]
    assert "score" not in document
    assert SECRET not in json.dumps(document)
    assert done.stdout


def test_gradescope_says_so_where_the_grader_is_gone(gradescope, handed_in):
    """Even without a grader there is a results file, without a score."""
    document, _ = autograde(gradescope, gradescope / "nowhere")

    assert document["output"]
    assert "score" not in document


def action_step(name):
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    return next(step for step in steps if step["id"] == name)


@pytest.fixture
def runner(home, python, tmp_path):
    """GitHub's variables and files; the tests' course lies in the student's checkout."""
    workspace = traps(tmp_path / "workspace")
    shutil.copytree(ROOT / "solutions/layers", workspace / "course/solutions/layers")
    shutil.copytree(ROOT / "assignments/layers", workspace / "course/assignments/layers")
    return {
        "GITHUB_WORKSPACE": str(workspace),
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_TOKEN": SECRET,
        "GITHUB_ACTIONS": "true",
        "CI": "true",
        "RUNNER_TEMP": str(home),
        "GRADER_CACHE": str(home / "autograder/source/cache"),
    }


def run_step(name, runner, code=0, **inputs):
    """One step as GitHub runs it: `${{ }}` filled in, bash with -e."""
    step = action_step(name)
    known = {
        "runner.temp": runner["RUNNER_TEMP"],
        **{f"inputs.{key}": value for key, value in inputs.items()},
    }

    def fill(text):
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda found: str(known[found[1]]), text)

    environment = {key: fill(value) for key, value in step.get("env", {}).items()}
    return run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        fill(step["working-directory"]),
        code=code,
        **runner,
        **environment,
    )


def of_layers(runner, **changes):
    workspace = Path(runner["GITHUB_WORKSPACE"])
    inputs = {"assignment": "layers", "course": workspace / "course", "path": workspace}
    return {**inputs, "sandbox": "local", **changes}


def outputs(runner):
    lines = Path(runner["GITHUB_OUTPUT"]).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_github_gets_points_summary_and_no_orders(runner, gradescope, tmp_path):
    """The reporter's result, outputs and summary; a student's commands in the log do nothing."""
    hand_in(Path(runner["GITHUB_WORKSPACE"]) / "week1", "my layers (1).ipynb", "spy")

    run_step("install", runner)
    done = run_step("grade", runner, **of_layers(runner))

    result = json.loads(base64.b64decode(outputs(runner)["result"]))
    jsonschema.validate(result, schemas.CLASSROOM)
    assert outputs(runner)["status"] == "graded"
    assert 90 <= float(outputs(runner)["score"]) < 100
    assert "points**" in Path(runner["GITHUB_STEP_SUMMARY"]).read_text()
    first, *inner, last = done.stdout.splitlines()
    token = first.removeprefix("::stop-commands::")
    assert (last, token != first) == (f"::{token}::", True)
    assert not any(token in line for line in inner)
    assert "::" not in done.stderr
    assert not (tmp_path / "trapped").exists()
    everything = done.stdout + done.stderr + Path(runner["GITHUB_STEP_SUMMARY"]).read_text()
    assert SECRET not in everything
    assert "test_layers" not in everything


def test_github_is_sent_no_points_without_a_notebook(runner, gradescope):
    """Without a notebook the step fails with a sentence, and Classroom is sent nothing."""
    done = run_step("grade", runner, code=2, **of_layers(runner))

    result = json.loads(base64.b64decode(outputs(runner)["result"]))
    assert (result["status"], result["max_score"]) == ("error", 0)
    assert outputs(runner)["score"] == ""
    assert "No notebook" in done.stdout


def test_github_tells_a_student_nothing_of_a_broken_course(runner, gradescope):
    """A mistake in the course ends with 3 and a sentence, and quotes nothing of the course."""
    workspace = Path(runner["GITHUB_WORKSPACE"])
    hand_in(workspace, "layers.ipynb")
    (workspace / "course/solutions/layers/assignment.toml").write_text(f"{SECRET} = [")

    done = run_step("grade", runner, code=3, **of_layers(runner))

    assert "not your fault" in done.stdout
    assert SECRET not in done.stdout + done.stderr
    assert outputs(runner)["status"] == "error"


def test_gitlab_gets_a_junit_report(home, python, gradescope, tmp_path):
    """The template's own script writes the artefact, over whatever the student put there."""
    job = yaml.safe_load((ROOT / "ci/gitlab.yml").read_text())
    project = traps(tmp_path / "project")
    hand_in(project, "layers.ipynb", "spy")
    (project / "victim").mkdir()
    (project / "keras-grader").symlink_to(project / "victim")
    shutil.copytree(gradescope / "source/course", tmp_path / "course")
    variables = {
        **job["variables"],
        "GRADER_COURSE": str(tmp_path / "course"),
        "GRADER_SOURCE": str(next(home.glob("*.whl"))),
        "GRADER_HOME": str(python),
        "CI_PROJECT_DIR": str(project),
        "CI_JOB_TOKEN": SECRET,
        "GRADER_CACHE": str(gradescope / "source/cache"),
    }

    done = run(
        ["bash", "-eo", "pipefail", "-c", "\n".join(job["grade"]["script"])],
        project,
        **variables,
        **WITHOUT_INDEX,
    )

    report = junitparser.JUnitXml.fromfile(str(project / "keras-grader/junit.xml"))
    assert (report.errors, report.failures > 0) == (0, True)
    assert job["grade"]["artifacts"]["reports"]["junit"] == "keras-grader/junit.xml"
    assert not list((project / "victim").iterdir())
    assert not (tmp_path / "trapped").exists()
    assert SECRET not in done.stdout + done.stderr
    assert "\x1b" not in done.stdout
