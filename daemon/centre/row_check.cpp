#include "daemon/centre/row_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "daemon/centre/pg_cells.h"
#include "daemon/core/line_state_named.h"
#include "daemon/core/plain_text.h"

namespace changtong::centre {
namespace {

using availability::outage;
using namespace ledger;

constexpr std::size_t most_told = 5, most_cell_bytes = 120;
constexpr std::int64_t page = 5'000;  // rows of one answer

std::string cell(std::int64_t number) { return std::to_string(number); }
std::string cell(wall_t at) { return cell(ms_of(at)); }
std::optional<std::string> maybe(bool is, wall_t at) { return is ? std::optional(cell(at)) : std::nullopt; }

std::string shown(const std::optional<std::string>& c) {
  if (!c) return "NULL";
  return as_seen(c->starts_with("\\x") ? bytes_in(c) : *c, most_cell_bytes);
}

std::vector<std::string> names_in(std::string_view columns) {
  std::vector<std::string> out;
  for (std::size_t from = 0; from < columns.size();) {
    const std::size_t end = std::min(columns.find(", ", from), columns.size());
    out.emplace_back(columns.substr(from, end - from));
    from = end + 2;
  }
  return out;
}

std::vector<table_row> outages_of(std::int64_t number, const target_rows& rows) {
  std::vector<table_row> out;
  for (const outage& o : rows.outages) {
    const bool over = o.ended != wall_max;
    out.push_back({cell(number), cell(o.began), maybe(over, o.ended), cell(o.confirmed), cell(o.began_edge.after),
                   cell(o.began_edge.until), maybe(over, o.ended_edge.after), maybe(over, o.ended_edge.until),
                   std::string(name_of(o.why)), std::string(name_of(o.found)), as_bytea(o.upstream),
                   as_bytea(o.decided_by), cell(std::int64_t{o.after_own_uplink}), cell(std::int64_t{o.rules})});
  }
  return out;
}

std::vector<table_row> unknowns_of(std::int64_t number, const target_rows& rows) {
  std::vector<table_row> out;
  for (const unknown_row& u : rows.unknown)
    out.push_back({cell(number), cell(u.when.from), cell(u.when.to), std::string(name_of(u.why))});
  return out;
}

std::vector<table_row> runs_of(std::int64_t number, const target_rows& rows) {
  std::map<wall_t, std::int64_t> runs;
  for (const wall_t at : rows.unconfirmed) ++runs[at];
  std::vector<table_row> out;
  for (const auto& [at, count] : runs) out.push_back({cell(number), cell(at), cell(count)});
  return out;
}

/** By kind, in order of their entries; as pg_tables says them. */
using said_rows = std::map<std::string, std::map<std::int64_t, table_row>, std::less<>>;

void say(said_rows& into, std::string_view kind, std::int64_t seq, std::int64_t number, const said_key& of = {}) {
  into[std::string(kind)][seq] = {cell(seq), cell(number), cell(of.about), as_bytea(of.key)};
}

template <class... T>
void say_declared(said_rows& into, const tables& rows, types<T...> /*all*/) {
  const auto add = [&]<class D>(types<D>) {
    if constexpr (has_table<D>)
      rows.declared(description<D>::kind, {}, 0, [&](std::int64_t seq, std::int64_t number, record&& what) {
        say(into, description<D>::kind, seq, number, key_of_said(std::get<D>(what)));
      });
  };
  (add(types<T>{}), ...);
}

said_rows said_in(const tables& rows) {
  said_rows out;
  for (const gap_row& g : rows.gaps()) say(out, "gap", g.seq, 0);
  for (const policy_row& p : rows.policies()) say(out, description<policy_version>::kind, p.seq, 0);
  for (const start_row& s : rows.starts()) say(out, "start", s.seq, 0);
  rows.versions([&](std::int64_t number, const std::string&, const version_row& v) {
    say(out, description<inventory_version>::kind, v.seq, number);
  });
  say_declared(out, rows, declarations{});
  return out;
}

}  // namespace

void row_differences::add(phrase what) {
  if (++count <= static_cast<std::int64_t>(most_told)) first.push_back(std::move(what));
}

/** What the database has of a table, page by page. */
class row_check::kept {
 public:
  kept(database& db, std::string where, const table& of) : db_(db), where_(std::move(where)), of_(of) {}

  /** Null: there are no more. */
  [[nodiscard]] result<const table_row*> now() {
    const table_row* none = nullptr;
    if (at_ < rows_.size()) return &rows_[at_];
    if (ended_) return none;
    std::string beyond;
    const auto keys = names_in(of_.columns);
    if (!rows_.empty()) {
      const table_row& last = rows_.back();
      beyond = of_.keys == 1 ? fmt::format(" AND {} > {}", keys[0], last[0].value_or("0"))
                             : fmt::format(" AND ({}, {}) > ({}, {})", keys[0], keys[1], last[0].value_or("0"),
                                           last[1].value_or("0"));
    }
    auto rows = db_.ask(fmt::format("SELECT {} FROM {} WHERE {}{} ORDER BY {} LIMIT {}", of_.columns, of_.name, where_,
                                    beyond, of_.keys == 1 ? keys[0] : keys[0] + ", " + keys[1], page));
    if (!rows) return rows.error();
    rows_ = std::move(rows->front());
    at_ = 0;
    ended_ = rows_.size() < static_cast<std::size_t>(page);
    return rows_.empty() ? none : &rows_.front();
  }
  void step() { ++at_; }

 private:
  database& db_;
  std::string where_;
  const table& of_;
  table_rows rows_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

row_check::row_check(database& db, std::int32_t node, std::int32_t branch, const tables& rows,
                     const std::function<bool()>& goes_on)
    : db_(db), node_(node), branch_(branch), rows_(rows), goes_on_(goes_on), targets_(rows.states()) {}

result<row_differences> row_check::compare() {
  if (const auto done = compare_targets(); !done) return done.error();
  const std::array<std::pair<table, rows_of>, 3> by_target{{
      {{.name = "outages",
        .columns = "target, began, ended, confirmed, began_after, began_until, ended_after, ended_until, why, found, "
                   "upstream, decided_by, after_own_uplink, rules",
        .keys = 2,
        .only = {}},
       outages_of},
      {{.name = "unknowns", .columns = "target, at, till, why", .keys = 2, .only = {}}, unknowns_of},
      {{.name = "unconfirmed", .columns = "target, at, runs", .keys = 2, .only = {}}, runs_of},
  }};
  for (const auto& [t, rows] : by_target)
    if (const auto done = compare_by_target(t, rows); !done) return done.error();
  if (const auto done = compare_said(); !done) return done.error();
  return std::move(out_);
}

result<void> row_check::compare_targets() {
  std::size_t at = 0;
  const next_row names = [&](table_row& row) {
    if (at == targets_.size()) return false;
    row = {cell(targets_[at].second.number), as_bytea(targets_[at].first)};
    ++at;
    return true;
  };
  const table of_names{.name = "targets", .columns = "target, id", .keys = 1, .only = {}};
  if (const auto done = compare_table(of_names, names); !done) return done.error();
  std::size_t place = 0;
  const next_row states = [&](table_row& row) {
    while (place < targets_.size() && !targets_[place].second.known) ++place;
    if (place == targets_.size()) return false;
    const state_row& s = targets_[place++].second;
    row = {cell(s.number),
           std::string(changtong::name_of(s.state)),
           cell(s.since),
           std::string(changtong::name_of(s.why)),
           cell(s.seq),
           cell(s.first),
           maybe(s.outage.has_value(), s.outage.value_or(wall_t{}))};
    return true;
  };
  return compare_table(
      {.name = "states", .columns = "target, state, since, why, seq, first, outage", .keys = 1, .only = {}}, states);
}

result<void> row_check::compare_by_target(const table& t, const rows_of& rows) {
  std::size_t target = 0, at = 0;
  std::vector<table_row> own;
  return compare_table(t, [&](table_row& row) {
    while (at == own.size()) {
      if (target == targets_.size()) return false;
      const std::int64_t number = targets_[target++].second.number;
      target_rows read;
      rows_.read(number, {wall_min, wall_max}, read);
      own = rows(number, read);
      at = 0;
    }
    row = std::move(own[at++]);
    return true;
  });
}

/** What people declared is read from its entry, which the chain proves: here is only where it is found. */
result<void> row_check::compare_said() {
  said_rows should = said_in(rows_);
  const auto kinds =
      db_.ask(fmt::format("SELECT DISTINCT kind FROM said WHERE node = {} AND branch = {}", node_, branch_));
  if (!kinds) return kinds.error();
  for (const table_row& row : kinds->front()) (void)should[row[0].value_or("")];
  for (auto& [kind, rows] : should) {
    auto at = rows.begin();
    const next_row next = [&](table_row& row) {
      if (at == rows.end()) return false;
      row = std::move((at++)->second);
      return true;
    };
    std::string quoted = kind;
    for (std::size_t i = 0; (i = quoted.find('\'', i)) != std::string::npos; i += 2) quoted.insert(i, 1, '\'');
    const table t{.name = "said",
                  .columns = "seq, target, about, key",
                  .keys = 1,
                  .only = fmt::format(" AND kind = '{}'", quoted)};
    if (const auto done = compare_table(t, next); !done) return done.error();
  }
  return {};
}

result<void> row_check::compare_table(const table& t, const next_row& should) {
  kept there(db_, fmt::format("node = {} AND branch = {}{}", node_, branch_, t.only), t);
  table_row wanted;
  bool wants = should(wanted);
  for (std::int64_t done = 0;; ++done) {
    const auto is = there.now();
    if (!is) return is.error();
    const table_row* found = *is;
    if (!wants && found == nullptr) return {};
    if (done % page == 0 && !goes_on_()) return said({"已中断", "interrupted"});
    int order = wants ? (found == nullptr ? -1 : 0) : 1;
    for (std::size_t k = 0; k < t.keys && order == 0; ++k) {
      const std::int64_t a = whole_in(wanted[k]), b = whole_in((*found)[k]);
      if (a != b) order = a < b ? -1 : 1;
    }
    if (order < 0) out_.add(both("表 {} 缺少一行：{}", "a row of {} is missing: {}", t.name, name_of(t, wanted)));
    if (order > 0)
      out_.add(
          both("表 {} 多出一行，不出自账：{}", "a row of {} is not in the journal: {}", t.name, name_of(t, *found)));
    if (order == 0) tell(t, wanted, *found);
    if (order >= 0) there.step();
    if (order <= 0) wants = should(wanted);
  }
}

void row_check::tell(const table& t, const table_row& should, const table_row& is) {
  const auto names = names_in(t.columns);
  for (std::size_t c = t.keys; c < names.size(); ++c)
    if (should[c] != is[c])
      return out_.add(both("表 {} 的一行被改动：{}：{} 应为 {}，库里是 {}",
                           "a row of {} was changed: {}: {} should be {} and is {}", t.name, name_of(t, should),
                           names[c], shown(should[c]), shown(is[c])));
}

/** "target=3（L3） began=1773417650000". */
std::string row_check::name_of(const table& t, const table_row& row) const {
  const auto names = names_in(t.columns);
  std::string out;
  for (std::size_t k = 0; k < t.keys; ++k) {
    out += fmt::format("{}{}={}", k > 0 ? " " : "", names[k], row[k].value_or(""));
    const std::int64_t number = whole_in(row[k]);
    if (names[k] == "target" && number > 0 && static_cast<std::size_t>(number) <= targets_.size())
      out += fmt::format("（{}）", as_seen(targets_[static_cast<std::size_t>(number - 1)].first, most_cell_bytes));
  }
  return out;
}

}  // namespace changtong::centre
