#!/bin/sh
# Try a packaged folder as a stranger would: copied to another path with a space and Cyrillic letters in it, as an
# ordinary user where that is possible, with an empty home and no settings.
#
#   packaging/smoke.sh FOLDER
set -eu
folder=$1
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/home" "$place/Мои программы"
cp -R "$folder" "$place/Мои программы/kzdoc"
program="$place/Мои программы/kzdoc"

for part in libqvnc libQt6Network sqldrivers qtuiotouch; do
    if find "$program" -name "*$part*" | grep -q .; then
        echo "smoke: $part is in the folder" >&2
        exit 1
    fi
done

# As nobody when we are root; as ourselves otherwise.
user=
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    chown -R 65534:65534 "$place/home"
    chmod 755 "$place"
    user="setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs"
fi
run() {
    (cd "$place/home" && env -i HOME="$place/home" PATH=/usr/bin:/bin LANG=C.UTF-8 QT_QPA_PLATFORM=offscreen $user "$@")
}

run "$program/kzdoc-cli" --version
run "$program/kzdoc-cli" kind list >/dev/null
echo "smoke: the command line answers"
status=0
run timeout 8 "$program/kzdoc" >"$place/window" 2>&1 || status=$?
if [ "$status" != 124 ] || [ -s "$place/window" ]; then
    cat "$place/window" >&2
    echo "smoke: the window did not stay open (status $status)" >&2
    exit 1
fi
echo "smoke: the window opens and stays"
run "$program/kzdoc-cli" demo --no-window -o "$place/home/demo"
echo "smoke: the demo ran"
if find "$program" -newer "$program/kzdoc-cli" -type f | grep -q .; then
    echo "smoke: the program wrote into its own folder" >&2
    exit 1
fi
echo "smoke: good"
