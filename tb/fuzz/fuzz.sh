#!/usr/bin/env bash
# Fuzzes the receive path: first everything in the corpus, then what grows from it. A crash prints its
# input, which `PROGRAM FILE` plays again.
# Usage: fuzz.sh PROGRAM SECONDS [options of libFuzzer]
# Environment: KEEP=DIR keeps new inputs in DIR/grown and inputs that crash in DIR.
set -euo pipefail
program=$1
seconds=$2
shift 2
corpus=$(dirname "$(readlink -f "$0")")/corpus
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
keep=${KEEP:-$scratch}
mkdir -p "$keep/grown"
# Packed: an input is some hundred bytes, and there are hundreds of them.
tar -xzf "$corpus/receive.tar.gz" -C "$scratch"
"$program" "$keep/grown" "$scratch/receive" -max_total_time="$seconds" -seed=1 -max_len=1500 \
  -timeout=20 -artifact_prefix="$keep/" -print_final_stats=1 "$@" 2>&1 |
  grep -vE '^#[0-9]+.*(NEW|REDUCE|pulse|RELOAD)|^"|dictionary'
