#!/bin/sh
# xargs, which is everywhere: vctoe sweep run DIR --engine script --template traces/sweeps/engines/xargs.sh --submit sh
seq {first} {last} | xargs -P 2 -I @@ env {index_env}=@@ {command}
