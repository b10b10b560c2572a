#pragma once
/** A trace of a few lines, played into a ledger in a folder of its own. Seconds count from midnight of 2026-03-14 in
 * Shanghai. Unless a story says otherwise L1 and L2 have one icmp check every 10 s: a sample speaks for at most 15 s,
 * 3 bad ones confirm, 2 good ones end. */
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/replay/replay.h"
#include "tests/ledger/desk.h"
#include "tests/settings/world.h"

namespace changtong::replay::rerun {

using ledger::desk::at;

inline std::string iso(double s) { return civil_zone::named("Asia/Shanghai").value().format(at(s)); }
inline std::string monitor(double s, const std::string& word) {
  return fmt::format(R"({{"at":"{}","monitor":"{}"}})", iso(s), word);
}
inline std::string single(double s, const std::string& outcome, const std::string& target = "L1",
                          const std::string& check = "icmp") {
  return fmt::format(R"({{"at":"{}","target":"{}","check":"{}","outcome":"{}"}})", iso(s), target, check, outcome);
}
inline std::string range(double from, double to, double every, const std::string& outcome,
                         const std::string& target = "*", const std::string& check = "icmp") {
  return fmt::format(R"({{"from":"{}","to":"{}","every_s":{},"target":"{}","check":"{}","outcome":"{}"}})", iso(from),
                     iso(to), every, target, check, outcome);
}
inline std::string step(double s, double by) { return fmt::format(R"({{"at":"{}","clock_step_s":{}}})", iso(s), by); }
inline std::string inventory(double s, const std::string& object) {
  return fmt::format(R"({{"at":"{}","inventory":{}}})", iso(s), object);
}

struct setting {
  std::string yaml =
      "inventory: lines.csv\ndefaults: { interval: 10s }\ncredentials: { public: { version: 2c, community: "
      "\"${COMMUNITY}\" } }\n";
  std::string csv = "id,category,address,parent,checks\nL1,village,192.0.2.1,,\nL2,township,192.0.2.2,,\n";
  bool each_sample = false;
};

/** What the reader says of one target. */
struct told {
  availability::seconds sums;
  std::vector<availability::outage> outages;
};

class played {
 public:
  explicit played(const std::vector<std::string>& lines, const setting& s = {}) {
    world_.files = {{"c.yaml", s.yaml}, {"lines.csv", s.csv}};
    amended_inventory amended("c.yaml", world_.view());
    auto loaded = amended.load();
    if (!loaded) throw std::runtime_error(to_string(loaded.error().list.front()));
    tape_writer writer(loaded->value.zone);
    for (const std::string& line : lines)
      if (const auto added = writer.add(line); !added) {
        wrong = added.error();
        return;
      }
    auto tape = writer.finish();
    if (!tape) {
      wrong = tape.error();
      return;
    }
    const auto going_on = [](std::uint64_t, std::uint64_t) { return true; };
    amended_inventory ahead("c.yaml", world_.view());
    const auto before = ahead.load();
    auto silences = scout(*tape, before->value, ahead).run(going_on);
    auto books = ledger::writer::open(folder_.ledger());
    replay player(*tape, loaded->value, amended, **books, std::move(*silences), s.each_sample);
    const auto done = player.run(going_on);
    if (done)
      counts = *done;
    else
      wrong = done.error();
    digest = (*books)->last_hash();
  }

  /** Seconds of a line in [from, to), cut where the trace ends, whatever the time is now. */
  [[nodiscard]] told of(const std::string& target, double from, double to) const {
    told t;
    const auto reader = ledger::reader::open(folder_.ledger()).value();
    reader->histories({at(from), at(to)}, reader->now(wall_max), target,
                      [&](const ledger::known_target&, const availability::target_history& h) {
                        t.sums = availability::measure(h, {at(from), at(to)});
                        t.outages = h.outages;
                      });
    return t;
  }
  [[nodiscard]] std::unique_ptr<ledger::reader> reader() const {
    return ledger::reader::open(folder_.ledger()).value();
  }
  [[nodiscard]] std::string path() const { return folder_.ledger(); }

  std::optional<problem> wrong;
  replayed counts;
  std::string digest;

 private:
  fakes::world world_;
  ledger::desk::folder folder_;
};

inline double up(const told& t) { return static_cast<double>(t.sums.up.count()) / 1000; }
inline double down(const told& t) { return static_cast<double>(t.sums.down.count()) / 1000; }
inline double unknown(const told& t) { return static_cast<double>(t.sums.unknown.count()) / 1000; }

}  // namespace changtong::replay::rerun
