#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image of the assignment @ASSIGNMENT@.
set -euo pipefail
umask 022
root="${AUTOGRADER_ROOT:-/autograder}"
venv="${GRADER_VENV:-/opt/keras-grader}"

find_python() {
    for name in python3.13 python3.12 python3.11 python3.14 python3; do
        if "$name" -I -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
            echo "$name"
            return
        fi
    done
    return 1
}

if ! python="$(find_python)"; then
    apt-get -qq update
    for version in 3.13 3.12 3.11; do
        DEBIAN_FRONTEND=noninteractive apt-get -qq -y install "python$version" "python$version-venv" && break
    done
    if ! python="$(find_python)"; then
        echo "No Python 3.11 or newer could be installed. Choose a newer base image (Ubuntu 22.04 or later)." >&2
        exit 4
    fi
fi

# Readable for all: the student's code runs as a user of its own, in this Python.
"$python" -I -m venv "$venv"
"$venv/bin/python" -I -m pip install --quiet --disable-pip-version-check \
    "$root/source/@WHEEL@[@EXTRAS@]" @REQUIREMENTS@

if ! "$venv/bin/python" -I -c \
    'import os, sys; os.setuid(65534); os.execv(sys.executable, [sys.executable, "-I", "-c", ""])'; then
    echo "$python lies where only root can read, so students' code would have to run with root's" \
        "rights to read. Install a Python for all users (apt-get install python3 python3-venv)." >&2
    exit 4
fi

# Readable for root alone: hidden tests, the reference and its answers. Those are recorded now, since
# each submission starts from this image: what it would record is lost with its container.
chmod -R go= "$root/source"
export GRADER_CACHE="$root/source/cache"
cd "$root/source/course"
if ! "$venv/bin/grader" prepare @ASSIGNMENT@ --sandbox local > "$root/source/setup.log" 2>&1; then
    cat "$root/source/setup.log" >&2
    echo "The grader does not work in this image; see above." >&2
    exit 4
fi
echo "The grader is ready for @ASSIGNMENT@."
