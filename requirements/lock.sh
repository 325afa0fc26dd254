#!/bin/sh
# Writes both lock files anew, for every platform and Python from 3.11, with hashes. Needs `uv`.
set -eu
cd "$(dirname "$0")/.."
lock() {
    out=$1; shift
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header --no-annotate "$@" -o "requirements/$out" pyproject.toml
}
lock dev.txt --group dev
lock run.txt --group build --constraint requirements/dev.txt
lock idcheck.txt --group build --extra idcheck --constraint requirements/dev.txt
