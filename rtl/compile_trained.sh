#!/usr/bin/env bash
# Compiles a Verilated walker for speed: clang, with a profile of the walker at work. Clang's code is a
# tenth quicker than g++'s, and a third with the profile (docs/performance.md).
#   rtl/compile_trained.sh CLASS SET FOLDER RUNTIME CLANG PROFDATA [LAUNCHER]
# FOLDER: where verilate.sh left CLASS; CLASS_all.o comes there. RUNTIME: the library of Verilator's
# run-time files. PROFDATA: llvm-profdata, or empty for no profile. LAUNCHER: ccache.
set -euo pipefail

class=$1 set=$2 folder=$3 runtime=$4 clang=$5 profdata=$6
shift 6
root=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
include=$(verilator --getenv VERILATOR_ROOT)/include
flags=(-std=c++17 -fPIC -w -O3 -DNDEBUG -DVL_TIME_CONTEXT -DVM_TRACE=1 -isystem "$folder"
  -isystem "$include" -isystem "$include/vltstd")
trained=()

# What the benchmark does is what it learns from: the same cycles each time, so the same code.
if [ -n "$profdata" ]; then
  "$@" "$clang" "${flags[@]}" -fprofile-instr-generate -c "$folder/${class}_all.cpp" \
    -o "$folder/training.o"
  "$clang" "${flags[@]}" -fprofile-instr-generate -I"$root" -DVCTOE_SET="$set" \
    -DVCTOE_MODEL="$class" -DVCTOE_HEADER="\"$class.h\"" "$root/tb/bench/walker_rtl.cpp" \
    "$folder/training.o" "$runtime" -lfmt -lpthread -o "$folder/training"
  LLVM_PROFILE_FILE=$folder/training.profraw "$folder/training" 30000 >/dev/null
  "$profdata" merge -o "$folder/training.profdata" "$folder/training.profraw"
  rm "$folder"/training{,.o,.profraw}
  trained=(-fprofile-instr-use="$folder/training.profdata")
fi
"$@" "$clang" "${flags[@]}" ${trained[@]+"${trained[@]}"} -c "$folder/${class}_all.cpp" \
  -o "$folder/${class}_all.o"
