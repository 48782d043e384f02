#!/bin/sh
# IBM Spectrum LSF: vctoe sweep run DIR --engine script --template traces/sweeps/engines/lsf.sh --submit 'bsub <'
# "%8" is how many tasks run at the same time; -r has them run again when their machine fails.
#BSUB -J "vctoe[{first}-{last}]%8"
#BSUB -n 1
#BSUB -r
#BSUB -o /dev/null
export {index_env}="$LSB_JOBINDEX"
exec {command}
