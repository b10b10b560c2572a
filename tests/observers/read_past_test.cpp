// How much of the past is read is nobody's business: the merged book is the same.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

#include "daemon/observers/merged_books.h"
#include "tests/ledger/any_daemon.h"

namespace changtong::observers {
namespace {

using namespace ledger::desk;
using availability::target_history;
using ledger::known_target;

std::string text_of(const availability::outage& o) {
  std::string out = fmt::format("{} {} {} {} [{} {}] [{} {}] {} {} {} {} {}", o.target, ms_of(o.began), ms_of(o.ended),
                                ms_of(o.confirmed), ms_of(o.began_edge.after), ms_of(o.began_edge.until),
                                ms_of(o.ended_edge.after), ms_of(o.ended_edge.until), name_of(o.why), name_of(o.found),
                                o.upstream, o.decided_by, o.after_own_uplink);
  for (const period& hole : o.holes) out += fmt::format(" hole {} {}", ms_of(hole.from), ms_of(hole.to));
  return out + "\n";
}

std::string text_of(const target_history& h) {
  std::string out = fmt::format("{} scope {} {}\n", h.target, ms_of(h.scope.from), ms_of(h.scope.to));
  for (const auto& s : h.spans)
    out += fmt::format("{} {} {} {}\n", ms_of(s.when.from), ms_of(s.when.to), name_of(s.state), name_of(s.why));
  for (const auto& o : h.outages) out += text_of(o);
  for (const wall_t at : h.unconfirmed) out += fmt::format("run {}\n", ms_of(at));
  for (const period& p : h.excluded) out += fmt::format("excluded {} {}\n", ms_of(p.from), ms_of(p.to));
  return out;
}

std::string all_of(const merged_books& books, period p) {
  std::map<std::string, std::string> by_target;
  books.histories(p, books.heartbeat(), {},
                  [&](const known_target& t, const target_history& h) { by_target[t.id] = text_of(h); });
  std::string out;
  for (const auto& [id, text] : by_target) out += text;
  for (const auto& o : books.outages(p, {}, 1'000)) out += "listed " + text_of(o);
  return out;
}

/** What people and lines do in two machines' journals; now and then long stretches in which all is well. */
struct two_ledgers {
  std::array<ledger::desk::folder, 2> own;

  two_ledgers() {
    for (const std::size_t i : {0U, 1U}) {
      const auto w = opened(own.at(i));
      any_daemon daemon;
      daemon.now += *rc::gen::inRange(0, 3'000);
      std::vector<record> all{started{wall_from_ms(daemon.now), "0.9.0", i == 0 ? "b1" : "b2", 3, i == 0 ? "A" : "B"}};
      const auto more = *rc::gen::inRange(0, 80);
      for (int k = 0; k < more; ++k) {
        if (*rc::gen::inRange(0, 8) == 0) {
          daemon.now += 30'000;
          for (const char* id : {"L0", "L1", "L2", "L3"})
            all.emplace_back(up(id, static_cast<double>(daemon.now - midnight_ms) / 1'000));
          daemon.now += *rc::gen::inRange(0, 30'000);
          for (auto& [id, last] : daemon.clock) last = daemon.now;
        }
        all.push_back(daemon.next());
      }
      (void)w->commit({wall_from_ms(daemon.now + *rc::gen::inRange(0, 9'000)), std::move(all), {}});
    }
  }
  [[nodiscard]] merged_books merged(std::vector<milliseconds> before) const {
    std::vector<observed> all;
    for (const std::size_t i : {0U, 1U})
      all.push_back(
          {{.name = i == 0 ? "A" : "B"}, ledger::reader::open(own.at(i).ledger(), {.frozen = false}).value()});
    return merged_books(std::move(all), {}, std::move(before));
  }
};

RC_GTEST_PROP(ReadPast, HoweverMuchOfThePastIsReadFirstTheBookIsTheSame, ()) {
  const two_ledgers of;
  const auto whole = of.merged({});
  const auto ms = [](int most) { return milliseconds{*rc::gen::inRange(0, most)}; };
  const auto near = of.merged({ms(2'000), milliseconds{2'000} + ms(40'000)});
  const milliseconds length = std::max(milliseconds{1}, whole.heartbeat() - whole.first_entry());
  for (int turn = 0; turn < 8; ++turn) {
    const wall_t from = whole.first_entry() + ms(static_cast<int>(length.count()) + 5'000);
    const period p{from, from + milliseconds{1} + ms(*rc::gen::element(1, 1'000, 100'000))};
    RC_ASSERT(all_of(near, p) == all_of(whole, p));
  }
}

}  // namespace
}  // namespace changtong::observers
