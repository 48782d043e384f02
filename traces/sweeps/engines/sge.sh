#!/bin/sh
# Grid Engine: vctoe sweep run DIR --engine script --template traces/sweeps/engines/sge.sh --submit qsub
# -tc: tasks at the same time. With --submit 'qsub -sync y' the command waits for the end.
#$ -N vctoe
#$ -S /bin/sh
#$ -t {first}-{last}
#$ -tc 8
#$ -r y
#$ -j y
#$ -o /dev/null
export {index_env}="$SGE_TASK_ID"
exec {command}
