#!/usr/bin/env bash
# Counts the instructions of a fixed batch, and of its start alone: the same on a busy machine.
#
# benches/instructions.sh [PROGRAM]; without one, the release build.
set -euo pipefail
cd "$(dirname "$0")/.."

program=${1:-target/release/polisearch}
if ! command -v valgrind >/dev/null; then
    echo "valgrind is not here: no instructions are counted"
    exit 0
fi
[ -x "$program" ] || cargo build --release

count() {
    local what=$1; shift
    local told
    told=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null | grep -a "Collected" | tr -dc '0-9')
    printf '%-28s %15s instructions\n' "$what" "$told"
}

queries=tests/data/eval/seeds/queries.tsv
count "one query" "$program" search --index index "Durand Line"
count "batch of the judged needs" "$program" batch --index index "$queries" --format trec --limit 100 --threads 1
count "build of the seed papers" "$program" index seeds --jobs 1 --output "$(mktemp -d)/seeds.polisearch"
