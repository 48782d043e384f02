#include "models/net/profiles.h"

namespace vctoe::net {
namespace {

constexpr LinkProfile kLan = LinkProfile::kLan;
constexpr LinkProfile kWan = LinkProfile::kWan;
constexpr LinkProfile kSan = LinkProfile::kSan;
constexpr LinkProfile kWireless = LinkProfile::kWireless;
constexpr LinkProfile kLoopback = LinkProfile::kLoopback;

constexpr const char* kOwn = "own choice";
constexpr const char* kBursts = "own choice: bursts of ten frames, 1 % of all in the mean";

}  // namespace

const std::vector<ProfileSetting>& profile_settings() {
  static const std::vector<ProfileSetting> kSettings = {
      {kLan, "nic.mac.rate", "10 Gb/s", "calibration N1: IEEE 802.3ae"},
      {kLan, "net.delay", "250 us", "Dean, LADIS 2009: 500 us there and back in a data centre"},
      {kLan, "net.loss.kind", "none", kOwn},

      {kWan, "nic.mac.rate", "10 Gb/s", kOwn},
      {kWan, "net.rate", "1 Gb/s", "own choice: a leased line"},
      {kWan, "net.queue", "4 MiB", "own choice: a fifth of bandwidth x delay"},
      {kWan, "net.delay", "75 ms", "Dean, LADIS 2009: 150 ms California - Netherlands and back"},
      {kWan, "net.loss.kind", "bernoulli", kOwn},
      {kWan, "net.loss.probability", "0.0001", kOwn},
      {kWan, "net.reorder.probability", "0.0001", kOwn},
      {kWan, "net.reorder.delay", "1 ms", kOwn},

      {kSan, "nic.mac.rate", "6.8 Gb/s", "FC-PI-4: 8.5 Gbaud, 8b/10b"},
      {kSan, "net.delay", "5 us", "own choice: 1 km of fibre"},
      {kSan, "net.loss.kind", "none", "FC-FS-3: buffer-to-buffer credits lose nothing"},
      {kSan, "nic.toe.mss", "2072", "FC-FS-3: data field of 2112 B less 40 B of IP and TCP"},

      {kWireless, "nic.mac.rate", "1 Gb/s", kOwn},
      {kWireless, "net.rate", "100 Mb/s", "own choice: IEEE 802.11n, two streams, after its MAC"},
      {kWireless, "net.queue", "256 KiB", kOwn},
      {kWireless, "net.delay", "2 ms", kOwn},
      {kWireless, "net.jitter", "3 ms", "own choice: contention and repetitions of the link"},
      {kWireless, "net.loss.kind", "gilbert_elliott", "specification [0018]; Elliott 1963"},
      {kWireless, "net.loss.ge_to_bad", "0.002", kBursts},
      {kWireless, "net.loss.ge_to_good", "0.1", kBursts},
      {kWireless, "net.loss.ge_loss_bad", "0.5", kBursts},

      {kLoopback, "nic.mac.rate", "100 Gb/s", "own choice: never the limit"},
      {kLoopback, "net.delay", "0 s", "the wire leads back into the card"},
      {kLoopback, "net.loss.kind", "none", kOwn},
      {kLoopback, "nic.toe.mss", "8960", "frames of 9000 B; Linux's lo takes 65,536"},
  };
  return kSettings;
}

std::vector<std::pair<std::string, std::string>> settings_of(LinkProfile profile) {
  std::vector<std::pair<std::string, std::string>> settings;
  for (const ProfileSetting& s : profile_settings()) {
    if (s.profile == profile) settings.emplace_back(s.path, s.value);
  }
  return settings;
}

}  // namespace vctoe::net
