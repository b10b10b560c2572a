#pragma once
/** A small world from its samples to the printed figure: configuration, lines and trace as text, played by `changtong
 * replay` into a ledger, asked by `changtong availability` and by a reader. */
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "daemon/books/books.h"
#include "daemon/cli/books_command.h"
#include "daemon/cli/replay_command.h"
#include "daemon/entries/closing.h"
#include "daemon/ledger/reader.h"
#include "daemon/ledger/writer.h"

namespace changtong::played {

/** Seconds after 2026-03-14T00:00:00+08:00 as a trace writes them. */
inline std::string label(double s) {
  const auto ms = static_cast<std::int64_t>(s * 1000);
  const std::int64_t of_day = (ms % 86'400'000 + 86'400'000) % 86'400'000;
  return fmt::format("2026-03-{:02}T{:02}:{:02}:{:02}.{:03}+08:00", 14 + (ms - of_day) / 86'400'000, of_day / 3'600'000,
                     of_day / 60'000 % 60, of_day / 1000 % 60, of_day % 1000);
}
inline wall_t at(double s) { return wall_from_ms(1'773'417'600'000 + static_cast<std::int64_t>(s * 1000)); }

// -- lines of a trace
inline std::string monitor(double s, const std::string& what) {
  return fmt::format(R"({{"at":"{}","monitor":"{}"}})", label(s), what);
}
inline std::string one(double s, const std::string& target, const std::string& outcome) {
  return fmt::format(R"({{"at":"{}","target":"{}","check":"icmp","outcome":"{}"}})", label(s), target, outcome);
}
inline std::string every(double step, double from, double to, const std::string& outcome = "good",
                         const std::string& target = "*") {
  return fmt::format(R"({{"from":"{}","to":"{}","every_s":{},"target":"{}","check":"icmp","outcome":"{}"}})",
                     label(from), label(to), step, target, outcome);
}
inline std::string window(double made, const std::string& id, const std::string& target, double from, double to,
                          const std::string& state) {
  return fmt::format(
      R"({{"at":"{}","window":{{"id":"{}","target":"{}","from":"{}","to":"{}","state":"{}","by":"王工"}}}})",
      label(made), id, target, label(from), label(to), state);
}
inline std::string step(double s, double by) { return fmt::format(R"({{"at":"{}","clock_step_s":{}}})", label(s), by); }

struct world : testing::Test {
  std::filesystem::path folder;
  std::string config =
      "zone: Asia/Shanghai\nledger: ledger.db\ninventory: lines.csv\n"
      "defaults: { interval: 10s, timeout: 1s, fast_interval: 250ms, down_after: 3, up_after: 2 }\n";
  std::string lines =
      "id,name,category,town,carrier,address,parent,accepted,closed,checks\n"
      "L1,东村,village,城南镇,电信,192.0.2.1,,2026-03-01,,icmp\n";

  world() {
    std::string name = (std::filesystem::temp_directory_path() / "changtong-played-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~world() override { std::filesystem::remove_all(folder); }

  [[nodiscard]] std::string ledger() const { return (folder / "ledger.db").string(); }

  void play(const std::vector<std::string>& trace) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directory(folder);
    std::ofstream(folder / "changtong.yaml") << config;
    std::ofstream(folder / "lines.csv") << lines;
    {
      std::ofstream out(folder / "trace.jsonl");
      for (const std::string& line : trace) out << line << '\n';
    }
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code =
        replay_command({(folder / "changtong.yaml").string(), (folder / "trace.jsonl").string(), ledger()});
    const std::string said = testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr();
    ASSERT_EQ(code, 0) << said;
  }

  [[nodiscard]] std::unique_ptr<ledger::reader> reading(const ledger::view& v = {}) const {
    return ledger::reader::open(ledger(), v).value();
  }
  [[nodiscard]] std::vector<availability::availability_row> rows(double from, double to,
                                                                 books::grouping by = books::grouping::line,
                                                                 const ledger::view& v = {}) const {
    const auto r = reading(v);
    return books::books(*r, {at(from), at(to)}, r->now(wall_max), by);
  }
  [[nodiscard]] availability::availability_row row(double from, double to, const std::string& key = "L1",
                                                   books::grouping by = books::grouping::line,
                                                   const ledger::view& v = {}) const {
    for (const auto& r : rows(from, to, by, v))
      if (r.key == key) return r;
    ADD_FAILURE() << "no row " << key;
    return {};
  }
  [[nodiscard]] availability::seconds sums(double from, double to, const std::string& key = "L1") const {
    return row(from, to, key).sums;
  }
  /** What the command prints, one line a row. */
  [[nodiscard]] std::string printed(const std::string& from, const std::string& to,
                                    const std::string& by = "line") const {
    books_options o;
    o.books.ledgers = {ledger()};
    o.from = from;
    o.to = to;
    o.by = by;
    testing::internal::CaptureStdout();
    const int code = availability_command(o);
    std::string text = testing::internal::GetCapturedStdout();
    EXPECT_EQ(code, 0);
    return text;
  }
};

inline double in_seconds(milliseconds ms) { return static_cast<double>(ms.count()) / 1000; }

}  // namespace changtong::played
