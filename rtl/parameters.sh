# The parameter sets of the walker, for the scripts that elaborate it; rtl/README.md says what the
# parameters mean. tb/cosim/pins.h has the same numbers.
# walker_parameters SET: sets the arrays names and values.
walker_parameters() {
  names=(Engines Walks Queue Tags Pages Sets Cursors Anchors Connections)
  case $1 in
    small) values=(1 2 2 3 2 1 2 1 8) ;;
    pair) values=(2 3 3 5 3 2 4 2 8) ;;  # the smallest with two of everything, for mutation
    standard) values=(4 20 16 32 16 16 64 8 1024) ;;
    large) values=(8 64 64 128 64 64 1024 16 4096) ;;
    *)
      echo "no parameter set $1" >&2
      return 2
      ;;
  esac
}
