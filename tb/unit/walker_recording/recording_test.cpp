#include <gtest/gtest.h>

#include <stdexcept>

#include "models/nic/walker_recording.h"

namespace vctoe::nic {
namespace {

std::string file(const std::string& name) {
  return ::testing::TempDir() + name;
}

/// What is wrong with a file of this text, or "".
std::string complaint(const std::string& text) {
  const std::string path = file("complaint.rec");
  std::ofstream(path) << text;
  try {
    WalkerRecording from(path);
    WalkerEvent event;
    while (from.next(event)) {
    }
  } catch (const std::runtime_error& e) {
    return std::string(e.what()).substr(path.size());
  }
  return "";
}

std::string header() {
  const std::string path = file("header.rec");
  WalkerRecorder(path, {}).close();
  std::ifstream from(path);
  std::string line;
  std::getline(from, line);
  return line + "\n";
}

/// Every field of a beat of this port has another value.
WalkerBeat numbered(WalkerBeat beat) {
  std::uint64_t n = 0xfff0;
  std::visit(
      [&](auto& b) {
        std::decay_t<decltype(b)>::fields(b, [&](const char*, auto& value) {
          value = static_cast<std::decay_t<decltype(value)>>(++n << (n % 16));
        });
      },
      beat);
  return beat;
}

TEST(WalkerRecording, EveryFieldOfEveryPortComesBack) {
  const std::string path = file("all.rec");
  WalkerConfig config;
  std::uint32_t n = 0;
  WalkerConfig::fields(config, [&](const char*, auto& value) { value = 1000 + ++n; });
  const std::vector<WalkerBeat> beats{numbered(WalkBeat{}),       numbered(FillBeat{}),
                                      numbered(InvalidateBeat{}), numbered(CancelBeat{}),
                                      numbered(FetchBeat{}),      numbered(CompletionBeat{}),
                                      numbered(OutBeat{})};
  {
    WalkerRecorder to(path, config);
    for (std::size_t i = 0; i < beats.size(); ++i) to.write(10 + i, beats[i]);
    to.close();
  }
  WalkerRecording from(path);
  EXPECT_TRUE(same_beat(from.config(), config));
  WalkerEvent event;
  for (std::size_t i = 0; i < beats.size(); ++i) {
    ASSERT_TRUE(from.next(event));
    EXPECT_EQ(event.cycle, 10 + i);
    EXPECT_EQ(event.beat.index(), i);
    EXPECT_EQ(text_of(event.beat), text_of(beats[i]));
  }
  EXPECT_FALSE(from.next(event));
}

TEST(WalkerRecording, WhatIsWrongIsNamedWithItsLine) {
  EXPECT_EQ(complaint("something else\n"), ":1: this is no recording of a walker, version 1");
  EXPECT_EQ(complaint("vctoe-walker 2\n"), ":1: this is no recording of a walker, version 1");
  EXPECT_EQ(complaint("vctoe-walker 1 engines=4\n"), ":1: no value walks=");
  EXPECT_EQ(complaint("vctoe-walker 1 engines=4x\n"), ":1: no number in engines=4x");
  EXPECT_EQ(complaint(header() + "# remark\n5 cancel 1\n4 cancel 1\n"),
            ":4: earlier than the line before");
  EXPECT_EQ(complaint(header() + "5 cancle 1\n"), ":2: unknown port cancle");
  EXPECT_EQ(complaint(header() + "5 inv 1\n"), ":2: no hexadecimal number for page");
  EXPECT_EQ(complaint(header() + "5 inv 1 2 3\n"), ":2: more fields than the port has");
  EXPECT_EQ(complaint(header() + "5 inv 1 2\n"), "");
}

TEST(WalkerRecording, AFileThatCannotBeOpenedIsNamed) {
  EXPECT_THROW(WalkerRecording("/nowhere/x.rec"), std::runtime_error);
  EXPECT_THROW(WalkerRecorder("/nowhere/x.rec", {}), std::runtime_error);
}

}  // namespace
}  // namespace vctoe::nic
