// Network namespaces: a fresh one for a test, and whether this machine has what is needed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace vctoe::bridge {

/// Why a TAP device in a network namespace of its own cannot be had here; empty: it can. Tried in a
/// child process, nothing of it stays.
std::string why_no_tap();

/// Puts this process, which must have a single thread, into a fresh network namespace: as root
/// directly, otherwise as root of a fresh user namespace. Throws std::system_error.
void enter_fresh_network();

/// Sets a variable below /proc/sys, of the present network namespace: "net/ipv4/tcp_sack".
/// Throws std::system_error.
void set_sysctl(const std::string& name, const std::string& value);

/// The counters that nstat shows, of the present network namespace: "TcpInCsumErrors".
std::map<std::string, std::uint64_t> network_counters();

}  // namespace vctoe::bridge
