#!/bin/sh
# Runs in the image's `venv` stages, after each installation: what is then ready for every fork.
set -eu

# Unchecked bytecode: /opt is root's and read-only, nothing there can grow stale. Some packages
# ship files for other Pythons, which do not compile and are never imported.
/opt/venv/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib \
    > /dev/null || true

# matplotlib looks through the fonts once, here, and not in every submission.
MPLCONFIGDIR=/opt/matplotlib /opt/venv/bin/python -c "import matplotlib.font_manager"
test -f /opt/matplotlib/fontlist-*.json

# Modes, without touching what is right already: each change would copy the file into a layer.
find /opt ! -type l ! -perm -o+r -exec chmod a+rX {} +
find /opt ! -type l -perm /022 -exec chmod go-w {} +
