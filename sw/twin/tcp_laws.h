// Published laws of TCP's mean window, in segments.
#pragma once

namespace vctoe::twin {

/// Mean window of Reno: sqrt(3 / (2 p)) segments, under loss of every (1/p)-th segment (Mathis et
/// al., CCR 27(3), 1997, with b = 1: the window grows by bytes acknowledged, so that delayed
/// acknowledgements do not slow it). A limit of many segments: within 3 % for p up to 0.001.
double mathis_window(double p);

/// Mean window by the full model of Padhye et al. (SIGCOMM 1998, equation 32): rate times round
/// trip, in segments. `b`: segments an acknowledgement answers; `rto` over the round trip.
double pftk_window(double p, double b, double rto_over_rtt);

/// Mean window of CUBIC in its own region (RFC 9438 section 5.2, equation 5).
double cubic_window(double p, double rtt_s);

/// Rounds of exponential growth from a window of `initial` segments until one of `full` segments
/// is reached; each acknowledgement, of `per_ack` segments, adds one (RFC 5681 section 3.1).
unsigned slow_start_rounds(double initial, double full, double per_ack);

}  // namespace vctoe::twin
