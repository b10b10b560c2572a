// A province's centre in a real PostgreSQL: a storm in which every line goes down and comes back, taken and folded;
// then the figures of a year in which every line had more outages, and of the month that goes on, from sheets and from
// the books alone.
//
//   centre_year_bench CONNECT [NODES [LINES OF EACH [OUTAGES OF EACH LINE]]]
//
// The storm's entries come as nodes ship them, and are folded meanwhile, as a centre does; the outages beyond it are
// written straight into the folded tables.
#include <fmt/core.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <thread>

#include "daemon/centre/archive.h"
#include "daemon/centre/figures.h"
#include "daemon/centre/folder.h"
#include "daemon/centre/one_state.h"
#include "daemon/centre/schema.h"
#include "daemon/core/json.h"
#include "daemon/host/clocks.h"
#include "tests/centre/shipped.h"

using namespace changtong;

namespace {

const civil_zone zone = civil_zone::named("Asia/Shanghai").value();
const period year = zone.parse("2025").value(), after_it = zone.parse("2026-01").value();
const wall_t today = after_it.from + std::chrono::hours{20 * 24 + 10};  // of the month that goes on
constexpr std::size_t a_shipment = 5'000;
constexpr std::int64_t day_ms = 86'400'000;

wall_t at(std::int64_t ms) { return year.from + milliseconds{ms}; }

double timed(const std::function<void()>& work) {
  const mono_t begin = system_clocks().mono();
  work();
  return std::chrono::duration<double>(system_clocks().mono() - begin).count();
}

[[noreturn]] void end(const std::string& why) {
  fmt::print(stderr, "{}\n", why);
  std::exit(3);
}

transition change(const std::string& id, line_state to, std::int64_t ms) {
  transition t;
  t.target = id;
  t.to = to;
  t.at = t.confirmed = at(ms);
  t.edge = {at(ms - 1'000), at(ms)};
  t.decided_by = id + "/icmp";
  if (to == line_state::down) t.why = cause::timeout;
  return t;
}

/** Eight categories, twenty towns and three carriers, in every mixture. */
inventory_version version_of(const std::string& id, int i) {
  json_object o;
  o.add("id", id).add("name", "专线" + id).add("category", fmt::format("c{}", i % 8));
  o.add("town", fmt::format("第{}镇", i / 8 % 20)).add("carrier", fmt::format("运营商{}", i / 160 % 3));
  o.add("accepted", ms_of(year.from));
  return {at(0), id, o.text(), "bench"};
}

class province {
 public:
  province(centre::database_place where, int nodes, int lines) : where_(std::move(where)), lines_(lines) {
    for (int n = 0; n < nodes; ++n) names_.push_back(fmt::format("node{:03}", n));
    journals_.resize(names_.size());
    auto opened = centre::archive::open(where_, names_);
    if (!opened) end(to_string(opened.error()));
    books_ = std::move(*opened);
  }

  /** What `write` writes of each node; the seconds that the centre took for it. */
  double shipped(const std::function<void(int line, std::vector<record>&)>& write, wall_t heartbeat) {
    double took = 0;
    for (std::size_t n = 0; n < names_.size(); ++n) {
      std::vector<record> some;
      for (int i = 0; i < lines_; ++i) {
        write(i, some);
        if (some.size() < a_shipment && i + 1 < lines_) continue;
        journals_[n].write(std::exchange(some, {}), ms_of(heartbeat));
        const ledger::shipment s = journals_[n].rest();
        took += timed([&] {
          if (const auto done = books_->take(names_[n], s, heartbeat); !done) end(to_string(done.error()));
        });
        journals_[n].forget();
      }
    }
    return took;
  }
  /** Which sheets are made: none, those of a year, or those of the month that goes on. */
  enum class with : std::uint8_t { nothing, months, days };
  [[nodiscard]] double folded(with sheets) const {
    const auto folder = a_folder(sheets);
    return timed([&] { fold_all(*folder); });
  }
  /** Folded while it is shipped; the seconds of the taking, and of all. */
  std::pair<double, double> shipped_and_folded(const std::function<void(int line, std::vector<record>&)>& write,
                                               wall_t heartbeat) {
    const auto folder = a_folder(with::nothing);
    std::atomic<bool> all_taken = false;
    double taking = 0;
    const double both = timed([&] {
      std::jthread folding([&] {
        while (!all_taken) fold_all(*folder);
        fold_all(*folder);
      });
      taking = shipped(write, heartbeat);
      all_taken = true;
    });
    return {taking, both};
  }

 private:
  [[nodiscard]] std::unique_ptr<centre::folder> a_folder(with sheets) const {
    centre::folder::bounds within;
    within.sheets.months = [sheets](const civil_zone& z, wall_t) {
      return sheets == with::months ? z.split(year, civil_zone::unit::month) : std::vector<period>{};
    };
    within.sheets.days = [sheets](const civil_zone& z, const std::vector<period>&, wall_t known_to) {
      return sheets == with::days ? centre::days_behind(z, {}, known_to) : std::vector<period>{};
    };
    auto folder = centre::folder::open(where_, "bench", within);
    if (!folder) end(to_string(folder.error()));
    return std::move(*folder);
  }
  static void fold_all(centre::folder& folder) {
    for (bool more = true; more;) {
      const auto done = folder.round({});
      if (!done) end(to_string(done.error()));
      more = *done;
    }
  }

  centre::database_place where_;
  int lines_;
  std::vector<std::string> names_;
  std::vector<centre::fakes::told_records> journals_;
  std::unique_ptr<centre::archive> books_;
};

void ask(centre::database& db, const std::string& statement) {
  if (const auto done = db.ask(statement); !done) end(to_string(done.error()));
}

/** Of every line, five minutes each, spread over the year after the storm. */
double more_outages(centre::database& db, int nodes, int outages) {
  return timed([&] {
    const std::int64_t step = 360 * day_ms / std::max(outages, 1);
    for (int n = 1; n <= nodes; ++n)
      for (int k = 1; k < outages; ++k)
        ask(db,
            fmt::format("INSERT INTO outages SELECT node, branch, target, b, b + 300000, b + 3000, b - 1000, b, b + "
                        "299000, b + 300000, 'timeout', 'none', '', '', 0, 3 FROM (SELECT node, branch, target, {} + "
                        "(target * 7919000) % {} AS b FROM targets WHERE node = {}) x",
                        ms_of(at(k * step)), step - 600'000, n));
    ask(db, "ANALYZE outages; ANALYZE targets; ANALYZE states; ANALYZE said");
  });
}

void figures(centre::database& db, period when, const char* by, bool sheets, std::size_t districts) {
  const centre::one_state held(db);
  std::vector<centre::asked_node> nodes;
  for (auto& head : centre::folded_heads(db).value()) {
    if (nodes.size() == districts) break;
    const std::string name = head.node;
    nodes.push_back({.head = std::move(head), .province = "某省", .city = name.substr(0, 6), .district = name});
  }
  std::size_t rows = 0;
  std::int64_t outages = 0;
  const double took = timed([&] {
    const auto all = centre::figures(db, nodes,
                                     {.when = when,
                                      .now = today + std::chrono::hours{3},
                                      .zone = zone,
                                      .by = centre::groupings_named(by).value(),
                                      .sheets = sheets});
    rows = all.size();
    for (const auto& row : all) outages += row.what.sums.outages;
  });
  fmt::print("the {} of {} nodes by {}, {}: {} rows, {} outages in {:.2f} s\n",
             when == year ? "year" : "month that goes on", nodes.size(), by, sheets ? "from sheets" : "from the books",
             rows, outages, took);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return fmt::print(stderr, "centre_year_bench CONNECT [NODES [LINES [OUTAGES]]]\n"), 2;
  const int nodes = argc > 2 ? std::atoi(argv[2]) : 10, lines = argc > 3 ? std::atoi(argv[3]) : 1'000;
  const int outages = argc > 4 ? std::atoi(argv[4]) : 10;
  const centre::database_place where{.connect = argv[1], .password = {}, .patience = std::chrono::seconds{300}};
  province all(where, nodes, lines);
  const auto id = [](int i) { return fmt::format("V{:06}", i); };
  double took = all.shipped(
      [&](int i, std::vector<record>& into) {
        if (i == 0) into.emplace_back(started{at(0), "0.9.0", "", 3, "bench"});
        into.emplace_back(version_of(id(i), i));
        into.emplace_back(change(id(i), line_state::up, 1'000 + i));
      },
      at(day_ms / 4));
  fmt::print("{} nodes of {} lines, inventory and first state: taken in {:.1f} s, folded in {:.1f} s\n", nodes, lines,
             took, all.folded(province::with::nothing));
  std::fflush(stdout);
  const auto [taking, together] = all.shipped_and_folded(
      [&](int i, std::vector<record>& into) {
        into.emplace_back(change(id(i), line_state::down, day_ms / 2 + i));
        into.emplace_back(change(id(i), line_state::up, day_ms / 2 + 120'000 + i));
      },
      today - std::chrono::hours{2});
  fmt::print("the storm: {} entries of {} nodes taken and folded in {:.1f} s, of which the taking took {:.1f} s\n",
             2L * nodes * lines, nodes, together, taking);
  std::fflush(stdout);
  const auto db = centre::database::open(where).value();
  fmt::print("{} more outages written in {:.0f} s\n", static_cast<long>(outages - 1) * nodes * lines,
             more_outages(*db, nodes, outages));
  fmt::print("a year of sheets made in {:.1f} s\n", all.folded(province::with::months));
  std::fflush(stdout);
  fmt::print("{} sheets of days made in {:.1f} s\n", 21, all.folded(province::with::days));
  std::fflush(stdout);
  // Two hours in which one line of a hundred goes down, and every other one of these comes back.
  (void)all.shipped(
      [&](int i, std::vector<record>& into) {
        if (i % 100 != 0) return;
        into.emplace_back(change(id(i), line_state::down, (today - year.from).count() - 3'000'000 + i));
        if (i % 200 == 0) into.emplace_back(change(id(i), line_state::up, (today - year.from).count() - 60'000 + i));
      },
      today);
  (void)all.folded(province::with::nothing);
  ask(*db, "ANALYZE sheets; ANALYZE sheet_cells; ANALYZE sheet_outages");
  if (!centre::ask_by_index(*db)) return 3;
  for (const bool sheets : {true, false}) {
    for (const period& when : {year, after_it}) {
      for (const char* by : {"category", "district", "town", "carrier", when == year ? "month" : "day"})
        if (sheets || std::string_view(by) == "category")
          figures(*db, when, by, sheets, static_cast<std::size_t>(nodes));
      figures(*db, when, "category", sheets, 1);
    }
  }
}
