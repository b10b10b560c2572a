#include "daemon/observers/trails.h"

#include <algorithm>
#include <map>

#include "daemon/core/declared_trace.h"
#include "daemon/core/id_list.h"

namespace changtong::observers {
namespace {

using availability::outage;

constexpr std::size_t outages_of_a_stretch = 1000;

/** An observer's traces, by line, in the order in which they were seen. */
class traces {
 public:
  explicit traces(const ledger::reader& books) {
    for (const trace_record& t : books.declared<trace_record>())
      if (t.step == trace_step::usual || t.step == trace_step::begun)
        for (const std::string& line : ids_in(t.targets)) by_line_[line].push_back(t);
  }

  /** The last usual path up to then, else the first one after it. */
  [[nodiscard]] std::string usual(const std::string& line, wall_t at) const {
    std::string path;
    for (const trace_record& t : of(line))
      if (t.step == trace_step::usual && (t.at <= at || path.empty())) path = t.path;
    return path;
  }

  [[nodiscard]] std::string at_beginning(const outage& o) const {
    for (const trace_record& t : of(o.target))
      if (t.step == trace_step::begun && t.began <= o.began && o.began <= t.began + trace_together) return t.path;
    return {};
  }

 private:
  [[nodiscard]] const std::vector<trace_record>& of(const std::string& line) const {
    static const std::vector<trace_record> none;
    const auto it = by_line_.find(line);
    return it == by_line_.end() ? none : it->second;
  }
  std::map<std::string, std::vector<trace_record>> by_line_;
};

}  // namespace

std::vector<told_disagreement> with_trails(const merged_books& books, std::vector<disagreement> all) {
  std::map<std::string, traces> seen;
  if (!all.empty())
    for (const std::string& name : books.merged_names()) seen.try_emplace(name, *books.books_of(name));
  std::vector<told_disagreement> told;
  for (disagreement& d : all) {
    told_disagreement t;
    for (const std::string& name : d.up)
      t.up.push_back({name, cause::none, wall_min, seen.at(name).usual(d.target, d.when.from)});
    for (const std::string& name : d.down) {
      const auto own = books.books_of(name)->outages(d.when, d.target, outages_of_a_stretch);
      if (own.empty()) continue;
      const outage& first = own.back();  // the latest stands first
      t.down.push_back({name, first.why, first.began, seen.at(name).at_beginning(first)});
    }
    t.what = std::move(d);
    told.push_back(std::move(t));
  }
  return told;
}

}  // namespace changtong::observers
