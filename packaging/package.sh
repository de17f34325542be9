#!/bin/sh
# Make dist/kzdoc, a folder that runs on another machine of this kind without installing, and try it (smoke.sh).
set -eu
cd "$(dirname "$0")/.."
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)
export SOURCE_DATE_EPOCH PYTHONHASHSEED=0
.venv/bin/python -m PyInstaller --noconfirm --log-level WARN --distpath dist --workpath build packaging/kzdoc.spec
du -sh dist/kzdoc
packaging/smoke.sh dist/kzdoc
