#!/bin/sh
# GNU parallel: vctoe sweep run DIR --engine script --template traces/sweeps/engines/parallel.sh --submit sh
# Machines of a list, with the same folders: parallel --sshloginfile hosts ...
seq {first} {last} | parallel --will-cite -q env {index_env}={} {command}
