# What the command line says about itself and about mistakes in it.
. "$(dirname "$0")/expect.sh"

expect 0 "Exit codes: 0 ok" --help
expect 0 "vctoe 0." --version
for command in run params doctor report; do expect 0 "Examples:" $command --help; done
expect 0 "vctoe config check my.toml" config --help
expect 2 "unknown command rnu; did you mean run?" rnu
expect 2 "vctoe COMMAND --help" run --no-such-option
expect 2 "vctoe COMMAND --help"
expect 2 "vctoe COMMAND --help" params --json --markdown
expect 2 "snaplen" run --snaplen many
"$program" --help >stdout

expect 0 "link.delay = 10 us" params
expect 0 "time: 1 ns to 1 s" params link.delay
expect 0 '"default": "10 us"' params --json link
expect 0 '| `delay` | time | 10 us |' params --markdown
expect 2 "no parameter or group lnk; did you mean link?" params lnk
expect 0 "fifo     base       depth" verify formal --list --block fifo
expect 0 "--count" verify mutate --help
expect 0 "--walks" verify coverage --help
expect 2 "no block fofi" verify formal --block fofi
expect 0 "SystemC" doctor
expect 0 "slurm" doctor
expect 0 "build  " doctor
expect 0 '"SystemC": "' doctor --json
finish
