// The same transfer in ns-3, to compare speed with: one bulk TCP stream over a point-to-point link.
// Prints one JSON line: segments of payload delivered, CPU seconds, segments per CPU second.
// Buffers of 256 KiB and NewReno are ns-3's quickest settings; its packets carry no payload bytes
// and no checksums, ours do.
#include <ns3/applications-module.h>
#include <ns3/core-module.h>
#include <ns3/internet-module.h>
#include <ns3/network-module.h>
#include <ns3/point-to-point-module.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace {

constexpr std::uint64_t kSegment = 1448;
constexpr std::uint16_t kPort = 5001;

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

void configure() {
  using ns3::Config::SetDefault;
  SetDefault("ns3::TcpSocket::SegmentSize", ns3::UintegerValue(kSegment));
  SetDefault("ns3::TcpSocket::SndBufSize", ns3::UintegerValue(std::uint64_t{256} * 1024));
  SetDefault("ns3::TcpSocket::RcvBufSize", ns3::UintegerValue(std::uint64_t{256} * 1024));
  SetDefault("ns3::TcpL4Protocol::SocketType",
             ns3::TypeIdValue(ns3::TypeId::LookupByName("ns3::TcpNewReno")));
}

ns3::Ptr<ns3::PacketSink> build(std::uint64_t bytes) {
  ns3::NodeContainer nodes;
  nodes.Create(2);
  ns3::PointToPointHelper link;
  link.SetDeviceAttribute("DataRate", ns3::StringValue("10Gbps"));
  link.SetDeviceAttribute("Mtu", ns3::UintegerValue(1500));
  link.SetChannelAttribute("Delay", ns3::StringValue("5us"));
  const ns3::NetDeviceContainer devices = link.Install(nodes);
  ns3::InternetStackHelper().Install(nodes);
  ns3::Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
  const ns3::Ipv4InterfaceContainer interfaces = addresses.Assign(devices);
  ns3::BulkSendHelper source("ns3::TcpSocketFactory",
                             ns3::InetSocketAddress(interfaces.GetAddress(1), kPort));
  source.SetAttribute("MaxBytes", ns3::UintegerValue(bytes));
  source.SetAttribute("SendSize", ns3::UintegerValue(65536));
  source.Install(nodes.Get(0));
  ns3::PacketSinkHelper sink("ns3::TcpSocketFactory",
                             ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), kPort));
  return ns3::DynamicCast<ns3::PacketSink>(sink.Install(nodes.Get(1)).Get(0));
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t bytes = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200'000'000;
  configure();
  const auto sink = build(bytes);
  const double start = cpu_seconds();
  ns3::Simulator::Stop(ns3::Seconds(100));
  ns3::Simulator::Run();
  const double cpu = cpu_seconds() - start;
  const double segments = static_cast<double>(sink->GetTotalRx()) / kSegment;
  std::printf("{\"bytes\": %llu, \"cpu_s\": %.4f, \"segments_per_cpu_s\": %.0f}\n",
              static_cast<unsigned long long>(sink->GetTotalRx()), cpu, segments / cpu);
  ns3::Simulator::Destroy();
  return sink->GetTotalRx() == bytes ? 0 : 1;
}
