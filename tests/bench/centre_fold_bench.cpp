// Entries a second that a centre folds into figures in a real PostgreSQL, and how long figures of a year then take.
//
//   centre_fold_bench CONNECT [LINES [OUTAGES OF EACH]]
#include <fmt/core.h>

#include <cstdlib>

#include "daemon/centre/archive.h"
#include "daemon/centre/figures.h"
#include "daemon/centre/folder.h"
#include "daemon/centre/newest_states.h"
#include "daemon/centre/one_state.h"
#include "daemon/centre/schema.h"
#include "daemon/host/clocks.h"
#include "tests/ledger/desk.h"

using namespace changtong;

namespace {

using namespace ledger::desk;

/** A year of a node: every line has its outages, one after the other. */
struct year {
  std::vector<ledger::shipped_entry> all;

  void add(const ledger::entry& e) {
    const auto text = ledger::encode(e, at(0));
    ledger::shipped_entry next{.seq = static_cast<std::int64_t>(all.size()) + 1,
                               .at = text.at,
                               .kind = std::string(text.kind),
                               .body = text.body,
                               .hash = {}};
    next.hash =
        ledger::chain(all.empty() ? ledger::digest{} : all.back().hash, next.seq, next.at, next.kind, next.body);
    all.push_back(std::move(next));
  }
  year(int lines, int outages) {
    add(started{at(0), "0.7.0", "", 3, "bench"});
    for (int i = 0; i < lines; ++i) add(line(fmt::format("V{:06}", i), 0));
    for (int i = 0; i < lines; ++i) add(up(fmt::format("V{:06}", i), 1));
    const double step = 300.0 * 86'400 / std::max(outages, 1);
    for (int k = 0; k < outages; ++k)
      for (int i = 0; i < lines; ++i) {
        const std::string id = fmt::format("V{:06}", i);
        const double began = 10 + k * step + i * 0.001;
        add(down(id, began, began - 1));
        add(cause_found{id, at(began), cause::own_line, ""});
        add(up_again(id, began + 60, began + 59));
      }
  }
};

double since(mono_t begin) { return std::chrono::duration<double>(system_clocks().mono() - begin).count(); }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return fmt::print(stderr, "centre_fold_bench CONNECT [LINES [OUTAGES OF EACH]]\n"), 2;
  const int lines = argc > 2 ? std::atoi(argv[2]) : 1'000, outages = argc > 3 ? std::atoi(argv[3]) : 30;
  const centre::database_place where{.connect = argv[1], .password = {}, .patience = std::chrono::seconds{60}};
  const std::string node = fmt::format("bench{}", ms_of(system_clocks().wall()));
  const year all(lines, outages);
  const wall_t heartbeat = at(301.0 * 86'400), now = heartbeat + std::chrono::seconds{1};
  {
    auto books = centre::archive::open(where, std::vector<std::string>{node});
    if (!books) return fmt::print(stderr, "{}\n", to_string(books.error())), 3;
    ledger::shipment s{.after = 0, .hash = {}, .heartbeat = {}, .entries = {}};
    for (const auto& e : all.all) {
      s.entries.push_back(e);
      const bool last = e.seq == all.all.back().seq;
      if (last) s.heartbeat = heartbeat;
      if (!last && s.entries.size() < 5'000) continue;
      if (const auto done = (*books)->take(node, s, now); !done)
        return fmt::print(stderr, "{}\n", to_string(done.error())), 3;
      s = {.after = e.seq, .hash = e.hash, .heartbeat = {}, .entries = {}};
    }
  }
  auto folder = centre::folder::open(where, "bench");
  if (!folder) return fmt::print(stderr, "{}\n", to_string(folder.error())), 3;
  mono_t begin = system_clocks().mono();
  for (bool more = true; more;) {
    const auto done = (*folder)->round({});
    if (!done) return fmt::print(stderr, "{}\n", to_string(done.error())), 3;
    more = *done;
  }
  const double folding = since(begin);
  fmt::print("{} entries folded in {:.2f} s: {:.0f} a second\n", all.all.size(), folding,
             static_cast<double>(all.all.size()) / folding);
  const auto db = centre::database::open(where).value();
  if (!centre::ask_by_index(*db)) return 3;
  const centre::one_state held(*db);
  for (auto& head : centre::folded_heads(*db).value()) {
    if (head.node != node) continue;
    const std::vector<centre::asked_node> nodes{{.head = head, .province = "", .city = "", .district = node}};
    for (const char* by : {"category", "district", "line", "month"}) {
      begin = system_clocks().mono();
      const auto rows = centre::figures(*db, nodes,
                                        {.when = {at(0), at(365.0 * 86'400)},
                                         .now = now,
                                         .zone = civil_zone::named("Asia/Shanghai").value(),
                                         .by = centre::groupings_named(by).value()});
      fmt::print("the year by {}: {} rows in {:.2f} s\n", by, rows.size(), since(begin));
    }
    begin = system_clocks().mono();
    int states = 0;
    centre::newest_states(*db, nodes.front(), {}, [&](const centre::newest_state&) { ++states; });
    fmt::print("newest states: {} in {:.2f} s\n", states, since(begin));
  }
}
