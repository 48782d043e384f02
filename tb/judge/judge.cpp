#include "tb/judge/judge.h"

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

namespace vctoe::judge {

void Judge::report(std::vector<Finding>& out, Finding finding) const {
  if (expected_.allowed.count(finding.rule) == 0) out.push_back(std::move(finding));
}

void Judge::see(const std::uint8_t* data, std::size_t captured, std::size_t length, bool ethernet) {
  Packet p;
  p.frame = ++frames_;
  const Kind kind =
      ethernet ? parse_ethernet(data, captured, length, p) : parse_ip(data, captured, length, p);
  if (kind == Kind::kMalformed && !(expected_.corrupts && !expected_.is_local(p.from.ip))) {
    report(findings_, {Rule::kMalformed, p.frame, address_text(p.from.ip), ""});
  }
  if (kind != Kind::kTcp) return;
  ++segments_;
  if (sound(p)) assign(p);
}

/// A segment with a bad checksum says nothing about its connection.
bool Judge::sound(const Packet& p) {
  if (p.ip_sum != Sum::kBad && p.tcp_sum != Sum::kBad) return true;
  ++corrupted_;
  const bool by_wire = expected_.corrupts && !expected_.is_local(p.from.ip);
  if (by_wire || (expected_.only && *expected_.only != p.from.ip)) return false;
  if (p.ip_sum == Sum::kBad) {
    report(findings_, {Rule::kIpChecksum, p.frame, to_string(p.from), ""});
  }
  if (p.tcp_sum == Sum::kBad) {
    report(findings_, {Rule::kTcpChecksum, p.frame, to_string(p.from), ""});
  }
  return false;
}

void Judge::assign(const Packet& p) {
  Chain& chain = chains_[std::minmax(p.from, p.to)];
  if (chain.all.empty()) {
    chain.all.emplace_back(p, expected_, findings_);
  } else if (chain.all.back().is_new_syn(p)) {
    if (!chain.all.back().over()) {
      chain.pending = p;
      chain.pending->length = 0;  // the bytes of this frame will be gone
      return;
    }
    chain.pending.reset();
    chain.all.emplace_back(p, expected_, findings_);
  } else if (begin_pending(chain, p)) {
    return;
  }
  chain.all.back().see(p);
}

/// True if `p` was the answer to the SYN that waits and refused it: it belongs to no connection.
bool Judge::begin_pending(Chain& chain, const Packet& p) {
  if (!chain.pending || !(p.from == chain.pending->to)) return false;
  if (!p.has(kAck) || p.ack != chain.pending->seq + 1) return false;
  if (p.has(kRst)) {
    chain.pending.reset();
    return true;
  }
  if (!p.has(kSyn)) return false;
  chain.all.emplace_back(*chain.pending, expected_, findings_);
  chain.all.back().see(*chain.pending);
  chain.pending.reset();
  return false;
}

void Judge::finish_conversation(const Conversation& c, Report& result) const {
  for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
    const Stream& s = c.stream(side);
    const bool complete = c.whole() && c.finished(side) && s.contiguous() == s.highest();
    result.streams.push_back(
        {to_string(c.host(side)), to_string(c.host(1 - side)), s.bytes(), s.sha256(), complete});
    if (expected_.complete && !complete) {
      report(result.findings, {Rule::kIncomplete, 0, to_string(c.host(side)), ""});
    }
  }
}

Report Judge::finish() {
  Report result;
  result.frames = frames_;
  result.segments = segments_;
  result.corrupted = corrupted_;
  result.findings = findings_;
  std::stable_sort(result.findings.begin(), result.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.frame < b.frame; });
  for (const auto& [ports, chain] : chains_) {
    result.connections += chain.all.size();
    for (const Conversation& c : chain.all) finish_conversation(c, result);
  }
  for (const std::string& hash : expected_.streams) {
    const bool found = std::any_of(result.streams.begin(), result.streams.end(),
                                   [&](const StreamReport& s) { return s.sha256 == hash; });
    if (!found) report(result.findings, {Rule::kNoSuchStream, 0, "", hash});
  }
  return result;
}

Report judge_file(const std::string& path, const Expectations& expected) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  const std::unique_ptr<pcap_t, decltype(&pcap_close)> file(
      pcap_open_offline(path.c_str(), error.data()), pcap_close);
  if (file == nullptr) throw std::runtime_error(path + ": " + error.data());
  const int link = pcap_datalink(file.get());
  if (link != DLT_EN10MB && link != DLT_RAW) {
    throw std::runtime_error(path + ": neither Ethernet nor IP");
  }
  Judge judge(expected);
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  int got = 0;
  while ((got = pcap_next_ex(file.get(), &header, &data)) == 1) {
    judge.see(data, header->caplen, header->len, link == DLT_EN10MB);
  }
  if (got == PCAP_ERROR) throw std::runtime_error(path + ": " + pcap_geterr(file.get()));
  return judge.finish();
}

}  // namespace vctoe::judge
