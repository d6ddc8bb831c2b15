#!/bin/bash
# Makes the Python environment of the tests: strangers' programs from PyPI, in the versions and with the checksums of
# Tests/python/requirements.txt. It is made once for each state of that file; prints the folder its programs are in.
# usage: scripts/python-environment.sh
set -eu
cd "$(dirname "$0")/.."
requirements=Tests/python/requirements.txt
# Debian's, which the checksums are for, whatever else is on the path.
python=/usr/bin/python3
state=$(sha256sum "$requirements" | cut -c 1-16)
folder=$PWD/.build-python/$state
mkdir -p "$folder"
# Targets of tests run two at a time.
exec 9> "$folder/lock"
flock 9
if [ ! -e "$folder/done" ]; then
    "$python" -c 'import ensurepip, venv' 2> /dev/null || {
        echo "$python cannot make an environment: scripts/install-packages.sh installs python3-venv" >&2
        exit 1
    }
    "$python" -m venv --clear "$folder/environment" >&2
    "$folder/environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes \
        --only-binary :all: --no-deps --requirement "$requirements" >&2 || {
        echo "The Python packages that tests need cannot be had from PyPI. Its address is pip's: PIP_INDEX_URL or" \
            "/etc/pip.conf name another one; the packages are those of $requirements." >&2
        exit 1
    }
    touch "$folder/done"
fi
echo "$folder/environment/bin"
