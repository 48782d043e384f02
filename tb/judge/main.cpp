// judge FILE [--json] [expectations]: exit code 0 clean, 1 findings, 2 usage or an unreadable file.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "tb/judge/judge.h"

namespace {

using vctoe::judge::Expectations;
using vctoe::judge::Rule;

struct Words {
  std::string file, only;
  std::vector<std::string> local, allowed;
  bool json = false;
  bool rules = false;
};

void declare(CLI::App& app, Words& words, Expectations& expected) {
  app.add_option("FILE", words.file, "pcap or pcapng");
  app.add_flag("--json", words.json, "the report as JSON");
  app.add_flag("--rules", words.rules, "say what is looked for, and end");
  app.add_option("--local", words.local,
                 "address of the host at which was captured (several times)");
  app.add_option("--only", words.only, "findings about the segments of this address alone");
  app.add_option("--allow", words.allowed, "no findings of this rule (several times)");
  app.add_option("--sha256", expected.streams, "hash that a stream has to have (several times)");
  app.add_flag("--reorders", expected.reorders, "the wire may have changed the order");
  app.add_flag("--corrupts", expected.corrupts, "the wire may have corrupted frames");
  app.add_flag("--complete", expected.complete, "every connection has all from SYN to FIN");
  app.add_flag("--no-resets", expected.no_resets, "a reset is a finding");
}

void take_words(const Words& words, Expectations& expected) {
  if (words.file.empty()) throw std::runtime_error("which file?");
  const auto address = [](const std::string& text) {
    const auto ip = vctoe::judge::parse_address(text);
    if (!ip) throw std::runtime_error(text + " is no IPv4 address");
    return *ip;
  };
  for (const std::string& text : words.local) expected.local.insert(address(text));
  if (!words.only.empty()) expected.only = address(words.only);
  for (const std::string& name : words.allowed) {
    const Rule rule = vctoe::judge::rule_named(name);
    if (rule == Rule::kCount) throw std::runtime_error("no rule " + name + ", see --rules");
    expected.allowed.insert(rule);
  }
}

void print_rules() {
  for (int i = 0; i < static_cast<int>(Rule::kCount); ++i) {
    const auto& text = vctoe::judge::text_of(static_cast<Rule>(i));
    std::printf("%-16s %s (%s)\n", std::string(text.name).c_str(),
                std::string(text.sentence).c_str(), std::string(text.source).c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Judges the TCP connections of a capture");
  Words words;
  Expectations expected;
  declare(app, words, expected);
  try {
    app.parse(argc, argv);
    if (words.rules) {
      print_rules();
      return 0;
    }
    take_words(words, expected);
    const auto report = vctoe::judge::judge_file(words.file, expected);
    std::fputs(words.json ? to_json(report, words.file).c_str() : to_text(report).c_str(), stdout);
    return report.findings.empty() ? 0 : 1;
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "judge: %s\n", e.what());
    return 2;
  }
}
