// The ledger at the size of a district and of a province: how long a storm takes to be durable, how long the year's
// figures take, how large the file is. `tests/bench/run ledger` builds and runs it; it prints, it judges nothing.
#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <random>

#include "daemon/books/alert_stories.h"
#include "daemon/books/books.h"
#include "daemon/books/outage_notes.h"
#include "daemon/core/json.h"
#include "daemon/ledger/writer.h"

namespace {

using namespace changtong;

std::int64_t year_begins_ms = 1'767'196'800'000;  // 2026-01-01T00:00:00+08:00
constexpr std::int64_t day_ms = 86'400'000;

wall_t at(std::int64_t ms) { return wall_from_ms(year_begins_ms + ms); }

template <class F>
double seconds_of(F f) {
  const auto began = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

transition change(std::string id, line_state to, std::int64_t ms) {
  transition t;
  t.target = std::move(id);
  t.to = to;
  t.at = at(ms);
  t.edge = {at(ms - 1000), at(ms)};
  t.confirmed = at(ms + 2000);
  t.why = to == line_state::down ? cause::timeout : cause::none;
  t.decided_by = t.target + "/icmp";
  return t;
}

std::string id_of(int i) { return fmt::format("L{:06}", i); }

void commit(ledger::writer& w, std::int64_t heartbeat, std::vector<record> records) {
  const auto done = w.commit({at(heartbeat), std::move(records), {}});
  if (!done) throw std::runtime_error(to_string(done.error()));
}

/** What comes of the `nth` outage where everybody is told: an alert with its messages by two channels, taken by
 * somebody, and a ticket for every tenth. */
void tell(std::vector<record>& to, int line, std::int64_t ms, int nth) {
  alert_record r;
  r.alert = fmt::format("A2026{:04}-{:05}", ms / day_ms, nth);
  r.began = at(ms);
  const auto step = [&](alert_step what, std::int64_t after, std::string targets) {
    r.at = at(ms + after), r.step = what, r.targets = std::move(targets);
    r.of = r.person = r.channel = r.answer = {};
    to.emplace_back(r);
  };
  const auto told = [&](std::string of, std::int64_t after) {
    for (const char* channel : {"wecom", "duty-sms"}) {
      step(alert_step::told, after, {});
      auto& last = std::get<alert_record>(to.back());
      last.of = of, last.person = "王工、李工", last.channel = channel;
      last.answer = R"({"errcode":0,"errmsg":"ok"})";
    }
  };
  step(alert_step::opened, 3000, id_of(line));
  told("opened", 4000);
  to.emplace_back(acknowledgement{at(ms + 120'000), r.alert, "", at(ms), "王工", "已派人", "api: 王工@192.0.2.7"});
  step(alert_step::resolved, 603'000, id_of(line));
  told("resolved", 604'000);
  if (nth % 10 != 0) return;
  ticket_record t;
  t.number = fmt::format("T2026{:04}-{:05}", ms / day_ms, nth);
  t.carrier = "移动", t.targets = id_of(line), t.began = at(ms), t.alert = r.alert, t.author = "automatic";
  for (const ticket_step what : {ticket_step::reported, ticket_step::sent, ticket_step::reply, ticket_step::closed}) {
    t.at = at(ms + 300'000), t.step = what;
    t.text = what == ticket_step::reported ? std::string(900, 'x') : "";
    to.emplace_back(t);
  }
}

/** What its device says of an outage: its interface, its restart, its neighbour. */
void say(std::vector<record>& to, int line, std::int64_t ms) {
  for (const auto& [after, oid] : {std::pair{std::int64_t{100}, "1.3.6.1.6.3.1.1.5.3"},
                                   {200, "1.3.6.1.2.1.14.16.2.2"},
                                   {600'000, "1.3.6.1.6.3.1.1.5.1"},
                                   {600'500, "1.3.6.1.6.3.1.1.5.4"}}) {
    trap_record r;
    r.at = r.about = at(ms + after), r.target = id_of(line), r.trap = oid, r.what = trap_class::link, r.via = "v2c";
    r.uptime_s = "8640000", r.text = "ifIndex=3 ifAdminStatus=up ifOperStatus=down ifDescr=GigabitEthernet0/0/3";
    to.emplace_back(std::move(r));
  }
}

/** A device that talks all day: an entry every quarter of an hour, each a sum. */
void chatter(std::vector<record>& to, int line, std::int64_t day) {
  for (std::int64_t ms = 0; ms < day_ms; ms += 900'000) {
    say(to, line, day + ms);
    to.resize(to.size() - 3);
    auto& sum = std::get<trap_record>(to.back());
    sum.more = 89'999, sum.last = at(day + ms + 899'000);
  }
}

/** A year of `lines` lines: each goes on as up on the first day, then `outages` outages a line, a commit a day. */
void fill(const std::string& path, int lines, int outages, bool told = false) {
  auto w = ledger::writer::open(path).value();
  std::vector<record> first{policy_version{at(0), "Asia/Shanghai", R"({"categories":[]})", "bench"}};
  for (int i = 0; i < lines; ++i) {
    json_object o;
    o.add("id", id_of(i)).add("name", "线路").add("category", i % 20 == 0 ? "township" : "village");
    o.add("town", fmt::format("第{}镇", i % 22))
        .add("carrier", i % 3 == 0 ? "电信" : "移动")
        .add("accepted", ms_of(at(0)));
    first.emplace_back(inventory_version{at(0), id_of(i), o.text(), "bench"});
  }
  for (int i = 0; i < lines; ++i) {
    transition t = change(id_of(i), line_state::up, 0);
    t.edge = {t.at, t.at};
    first.emplace_back(std::move(t));
  }
  commit(*w, 1, std::move(first));
  std::vector<std::vector<std::pair<std::int64_t, int>>> days(364);
  std::mt19937_64 random(1);
  for (int i = 0; i < lines; ++i) {
    std::vector<std::int64_t> begins;
    for (int k = 0; k < outages; ++k) begins.push_back(static_cast<std::int64_t>(random() % (360ULL * 24)) * 3'600'000);
    std::sort(begins.begin(), begins.end());
    begins.erase(std::unique(begins.begin(), begins.end()), begins.end());
    for (const std::int64_t b : begins) days[static_cast<std::size_t>(b / day_ms)].emplace_back(b + 60'000, i);
  }
  int nth = 0;
  for (std::size_t d = 0; d < days.size(); ++d) {
    std::sort(days[d].begin(), days[d].end());
    std::vector<record> records;
    for (const auto& [ms, i] : days[d]) {
      records.emplace_back(change(id_of(i), line_state::down, ms));
      records.emplace_back(cause_found{id_of(i), at(ms), cause::own_line, ""});
      records.emplace_back(change(id_of(i), line_state::up, ms + 600'000));
      if (told) tell(records, i, ms, ++nth), say(records, i, ms);
    }
    for (int i = 0; told && i < 10; ++i) chatter(records, i, static_cast<std::int64_t>(d) * day_ms);
    commit(*w, static_cast<std::int64_t>(d + 1) * day_ms, std::move(records));
  }
}

void figures(const std::string& path, const char* what) {
  const auto r = ledger::reader::open(path).value();
  const period year{at(0), at(365 * day_ms)};
  std::size_t rows = 0;
  const auto ask = [&](books::grouping by) { rows = books::books(*r, year, at(365 * day_ms), by).size(); };
  ask(books::grouping::category);  // once, so that the disk is not what is measured
  fmt::print("{}: year by line {:.3f} s", what, seconds_of([&] { ask(books::grouping::line); }));
  fmt::print(" ({} rows), by category {:.3f} s", rows, seconds_of([&] { ask(books::grouping::category); }));
  fmt::print(", by month {:.3f} s\n", seconds_of([&] { ask(books::grouping::month); }));
}

void alerts(const std::string& path) {
  const auto r = ledger::reader::open(path).value();
  std::size_t steps = 0;
  const auto read = [&] { steps = 0, r->alert_journal({}, [&](record&&) { ++steps; }); };
  read();
  const std::clock_t began = std::clock();
  const double took = seconds_of(read);
  fmt::print("  all that was told, entered and reported: {} entries in {:.3f} s ({:.3f} s of a core)", steps, took,
             static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC);
  std::size_t stories = 0;
  fmt::print(", folded in {:.3f} s", seconds_of([&] { stories = books::alert_stories(*r, {}).size(); }));
  std::size_t rows = 0;
  const double listed =
      seconds_of([&] { rows = books::list_outages(*r, {at(0), at(365 * day_ms)}, {}, 1'000'000).size(); });
  fmt::print(" ({} alerts); the year's outages with what was said {:.3f} s ({} rows)\n", stories, listed, rows);
}

void storm(const std::string& path, int lines) {
  auto w = ledger::writer::open(path).value();
  std::vector<record> records;
  for (int i = 0; i < lines; ++i) records.emplace_back(change(id_of(i), line_state::down, 364 * day_ms + 7'200'000));
  fmt::print("{} transitions in one durable commit: {:.3f} s\n", lines,
             seconds_of([&] { commit(*w, 364 * day_ms + 7'210'000, std::move(records)); }));
}

}  // namespace

/** `ledger_bench FOLDER` measures; `ledger_bench FOLDER BEGIN_MS` only writes year.db: the year of 100,000 lines that
 * begins at BEGIN_MS, for a daemon to go on with. */
int main(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? argv[1] : ".";
  if (argc > 2) {
    year_begins_ms = std::stoll(argv[2]);
    return fill((folder / "year.db").string(), 100'000, 2), 0;
  }
  for (const auto& [lines, outages] : {std::pair{1000, 20}, std::pair{100'000, 2}}) {
    const std::string path = (folder / fmt::format("ledger-{}.db", lines)).string();
    fmt::print("{} lines, {} outages each: written in {:.1f} s\n", lines, outages,
               seconds_of([&, l = lines, o = outages] { fill(path, l, o); }));
    fmt::print("  file {:.1f} MB\n", static_cast<double>(std::filesystem::file_size(path)) / 1e6);
    figures(path, fmt::format("  {} lines", lines).c_str());
    if (lines == 100'000) storm(path, lines);
  }
  const std::string path = (folder / "ledger-told.db").string();
  fmt::print(
      "1000 lines, 20 outages each, with alerts by two channels, acknowledgements, tickets, four traps an outage and "
      "ten devices that never cease: written in {:.1f} s\n",
      seconds_of([&] { fill(path, 1000, 20, true); }));
  fmt::print("  file {:.1f} MB\n", static_cast<double>(std::filesystem::file_size(path)) / 1e6);
  alerts(path);
}
