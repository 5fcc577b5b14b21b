#!/usr/bin/env bash
# install.sh FOLDER WHAT [EXTRA...]: the grader in a virtual environment of its own, once.
# WHAT is what pip installs: a checkout of the repository, a wheel, or a requirement.
set -euo pipefail
folder="$1"
what="$2"
shift 2

if [ ! -x "$folder/bin/grader" ]; then
    # -I: no module is taken from the folder in which this runs, which may be a student's.
    python3 -I -m venv "$folder"
    "$folder/bin/python" -I -m pip install --quiet --disable-pip-version-check \
        "${what}[instructor,local]" "$@"
fi
