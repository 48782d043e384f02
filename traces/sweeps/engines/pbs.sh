#!/bin/sh
# PBS Professional, OpenPBS: vctoe sweep run DIR --engine script --template traces/sweeps/engines/pbs.sh --submit qsub
# An array of one task is refused by some versions: then take a smaller --chunk.
#PBS -N vctoe
#PBS -J {first}-{last}
#PBS -l select=1:ncpus=1
#PBS -r y
#PBS -j oe
export {index_env}="$PBS_ARRAY_INDEX"
exec {command}
