#!/bin/bash
# A Slurm of two virtual nodes in a private folder: no systemd, no cgroups, loopback only, as the
# user who calls. Debian's slurmctld, slurmd, slurm-client and munge.
#   cluster.sh up DIR      prints nothing; then SLURM_CONF=DIR/slurm.conf is all that a client needs
#   cluster.sh down DIR
set -u
what=$1
dir=$2
export SLURM_CONF=$dir/slurm.conf

nobody_listens() {
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# The first of three neighbouring ports on which nobody listens.
free_ports() {
  local first
  while true; do
    first=$((20000 + RANDOM % 12000))
    nobody_listens $first && nobody_listens $((first + 1)) && nobody_listens $((first + 2)) && break
  done
  echo $first
}

configure() {
  local port=$1 host user
  host=$(hostname -s)
  user=$(id -un)
  cat >"$SLURM_CONF" <<T
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket
CredType=cred/munge
SlurmctldPort=$port
# Listen on the loopback device only.
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmdParameters=config_overrides
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.%n.pid
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool.%n
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd.%n.log
# The defaults of these two want cgroups.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SwitchType=switch/none
MpiDefault=none
MailProg=/bin/true
ReturnToService=2
KillWait=2
# Tasks start as soon as a node is free.
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1,bf_yield_sleep=1000
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MaxArraySize=101
MinJobAge=300
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=1 RealMemory=1000 State=UNKNOWN
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=1 RealMemory=1000 State=UNKNOWN
PartitionName=test Nodes=n[1-2] Default=YES MaxTime=INFINITE State=UP
T
}

start_munge() {
  dd if=/dev/urandom of="$dir/munge/key" bs=1 count=1024 2>/dev/null
  chmod 600 "$dir/munge/key"
  # --force: the checks of its folders are meant for /etc and /var.
  munged --force --key-file="$dir/munge/key" --socket="$dir/munge/socket" \
    --pid-file="$dir/munged.pid" --log-file="$dir/log/munged.log" \
    --seed-file="$dir/munge/seed" 2>>"$dir/log/munged.out"
}

idle_nodes() {
  sinfo -h -N -o %t 2>/dev/null | grep -cx idle
}

up() {
  local try
  mkdir -p "$dir"/{munge,log}
  start_munge || { cat "$dir"/log/munged.*; return 1; }
  for try in 1 2 3; do
    rm -rf "$dir/state" "$dir"/spool.*
    mkdir -p "$dir"/{state,spool.n1,spool.n2}
    configure "$(free_ports)"
    slurmctld -f "$SLURM_CONF" && slurmd -f "$SLURM_CONF" -N n1 && slurmd -f "$SLURM_CONF" -N n2
    for _ in $(seq 200); do
      [ "$(idle_nodes)" = 2 ] && return 0
      sleep 0.05
    done
    stop_daemons  # somebody else may have taken a port meanwhile
  done 2>>"$dir/log/start" >&2
  cat "$dir"/log/*
  return 1
}

# By the files that the daemons wrote, and only what they name.
stop_daemons() {
  local file pid
  scontrol shutdown >/dev/null 2>&1
  for file in "$dir"/slurmctld.pid "$dir"/slurmd.n1.pid "$dir"/slurmd.n2.pid; do
    pid=$(cat "$file" 2>/dev/null) || continue
    for _ in $(seq 40); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.05
    done
    kill -9 "$pid" 2>/dev/null
  done
}

case $what in
  up) up ;;
  down)
    stop_daemons
    kill "$(cat "$dir/munged.pid" 2>/dev/null)" 2>/dev/null
    true
    ;;
esac
