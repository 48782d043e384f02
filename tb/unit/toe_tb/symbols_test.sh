#!/bin/bash
# symbols_test.sh HEADER LIBRARY: the library has the functions of the header and nothing else.
set -euo pipefail
wanted=$(sed 's://.*::' "$1" | grep -o 'toe_tb_[a-z_]*[[:space:]]*(' | tr -d '( ' | sort -u)
found=$(nm -D --defined-only "$2" | awk '{print $3}' | sed 's/@.*//' | sort -u)
diff <(echo "$wanted") <(echo "$found")
