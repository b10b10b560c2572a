#include "daemon/audit/papers.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "daemon/availability/intervals.h"
#include "daemon/core/json.h"
#include "daemon/report/columns.h"

namespace changtong::audit {
namespace {

namespace json = boost::json;

/** Rows of text fields as CSV. */
class csv {
 public:
  explicit csv(const std::vector<std::string>& headings) { add(headings); }
  void add(const std::vector<std::string>& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i) text_ += (i > 0 ? "," : "") + report::csv_field(fields[i]);
    text_ += "\r\n";
  }
  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

/** Number -> id of every target. */
std::map<std::int64_t, std::string> ids_of(const folded_books& f) {
  std::map<std::int64_t, std::string> all;
  for (const auto& [id, state] : f.rows->states()) all.emplace(state.number, id);
  return all;
}

/** The journal's JSON as it is where it is JSON, else as a string: it must not break the file around it. */
std::string embedded(const std::string& text) {
  boost::system::error_code failed;
  (void)json::parse(text, failed);
  if (!failed) return text;
  std::string quoted;
  append_json_string(quoted, text);
  return quoted;
}

std::string joined(const std::vector<std::string>& objects) {
  std::string text = "[";
  for (const std::string& o : objects) text += (text.size() > 1 ? ",\n" : "\n") + o;
  return text + "\n]\n";
}

/** What a window's records for one target come to. */
struct window_fate {
  std::string requested_by, approved_by;
  period hull{wall_max, wall_min};  ///< of all that its records ask for
};

/** Entered when the window had begun: by rule 8 too late, unless the policy admits it. */
bool late(const window_record& w) {
  return (w.state == window_state::requested || w.state == window_state::approved) && w.at >= w.from;
}

/** What is out of the books for each target, whatever policy and closings made of its windows. */
std::map<std::string, std::vector<period>> excluded_of(const folded_books& f, wall_t now) {
  std::map<std::string, std::vector<period>> all;
  f.books->histories({wall_min, wall_max}, now, {},
                     [&](const ledger::known_target& t, const availability::target_history& h) {
                       if (h.excluded.empty()) return;
                       all.emplace(t.id, h.excluded);
                       std::vector<period>& every = all[std::string(every_target)];
                       every.insert(every.end(), h.excluded.begin(), h.excluded.end());
                     });
  if (const auto every = all.find(std::string(every_target)); every != all.end())
    every->second = availability::united(std::move(every->second));
  return all;
}

}  // namespace

std::string inventory_csv(const folded_books& f) {
  struct version {
    std::int64_t number;
    std::string id;
    ledger::version_row row;
  };
  std::vector<version> all;
  f.rows->versions([&](std::int64_t number, const std::string& id, const ledger::version_row& v) {
    all.push_back({number, id, v});
  });
  const civil_zone& zone = f.books->zone();
  csv out({"seq", "target", "from", "to", "removed", "author", "json"});
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool newest = i + 1 == all.size() || all[i + 1].number != all[i].number;
    const ledger::version_row& v = all[i].row;
    out.add({std::to_string(v.seq), all[i].id, zone.format(v.at), newest ? "" : zone.format(all[i + 1].row.at),
             v.json.empty() ? "true" : "false", v.author, v.json});
  }
  return std::move(out).text();
}

std::string windows_csv(const folded_books& f, wall_t now) {
  const auto windows = f.rows->rows<window_record>();
  std::map<std::pair<std::string, std::int64_t>, window_fate> fates;
  for (const ledger::window_row& w : windows) {
    window_fate& fate = fates[{w.what.id, w.number}];
    if (w.what.state == window_state::requested) fate.requested_by = w.what.by;
    if (w.what.state == window_state::approved) fate.approved_by = w.what.by;
    fate.hull = {std::min(fate.hull.from, w.what.from), std::max(fate.hull.to, w.what.to)};
  }
  auto excluded = windows.empty() ? std::map<std::string, std::vector<period>>{} : excluded_of(f, now);
  const civil_zone& zone = f.books->zone();
  // Packs of before these fields stay byte for byte what they were.
  const bool more = std::ranges::any_of(
      windows, [](const ledger::window_row& w) { return !w.what.via.empty() || !w.what.flags.empty(); });
  std::vector<std::string> headings{"seq",           "id",         "target", "made",         "from",        "to",
                                    "state",         "by",         "text",   "requested_by", "approved_by", "late",
                                    "excluded_from", "excluded_to"};
  if (more) headings.insert(headings.end(), {"via", "flags"});
  csv out(headings);
  for (const ledger::window_row& w : windows) {
    const window_fate& fate = fates[{w.what.id, w.number}];
    const auto gone = availability::clipped(excluded[w.what.target], fate.hull);
    std::vector<std::string> row{std::to_string(w.seq),
                                 w.what.id,
                                 w.what.target,
                                 zone.format(w.what.at),
                                 zone.format(w.what.from),
                                 zone.format(w.what.to),
                                 std::string(name_of(w.what.state)),
                                 w.what.by,
                                 w.what.text,
                                 fate.requested_by,
                                 fate.approved_by,
                                 late(w.what) ? "true" : "false",
                                 gone.empty() ? "" : zone.format(gone.front().from),
                                 gone.empty() ? "" : zone.format(gone.back().to)};
    if (more) row.insert(row.end(), {w.what.via, w.what.flags});
    out.add(row);
  }
  return std::move(out).text();
}

std::string policies_json(const folded_books& f) {
  std::vector<std::string> all;
  for (const policy_entry& p : f.policies) {
    json_object o;
    o.add("seq", p.seq).add("at", f.books->zone().format(p.what.at)).add("zone", p.what.zone);
    o.add("author", p.what.author).add_raw("policy", embedded(p.what.policy));
    all.push_back(o.text());
  }
  return joined(all);
}

std::string closings_json(const folded_books& f) {
  const civil_zone& zone = f.books->zone();
  std::vector<std::string> all;
  for (const ledger::closing_row& c : f.rows->rows<period_closed>()) {
    json_object o;
    o.add("seq", c.seq).add("at", zone.format(c.what.at)).add("from", zone.format(c.what.when.from));
    o.add("to", zone.format(c.what.when.to)).add("version", c.what.version).add("author", c.what.author);
    o.add("reason", c.what.reason).add("sheet", c.what.sheet).add_raw("figures", embedded(c.what.figures));
    o.add_raw("changes", embedded(c.what.changes));
    if (!c.what.via.empty()) o.add("via", c.what.via);
    all.push_back(o.text());
  }
  return joined(all);
}

std::string duty_csv(const folded_books& f) {
  const auto all = f.rows->rows<duty_record>();
  const bool more = std::ranges::any_of(all, [](const auto& d) { return !d.what.via.empty(); });
  std::vector<std::string> headings{"seq", "day", "person", "source", "author", "entered", "text"};
  if (more) headings.insert(headings.end(), {"via", "late"});
  csv out(headings);
  for (const auto& d : all) {
    std::vector<std::string> row{std::to_string(d.seq),
                                 d.what.day,
                                 d.what.person,
                                 d.what.source,
                                 d.what.author,
                                 f.books->zone().format(d.what.at),
                                 d.what.text};
    const auto day = f.books->zone().parse(d.what.day);
    if (more) row.insert(row.end(), {d.what.via, day && entered_late(d.what, day->to) ? "true" : "false"});
    out.add(row);
  }
  return std::move(out).text();
}

std::string annotations_csv(const folded_books& f) {
  const civil_zone& zone = f.books->zone();
  const auto of_all = f.rows->rows<annotation>();
  const bool more = std::ranges::any_of(of_all, [](const auto& a) { return !a.what.via.empty(); });
  std::vector<std::string> headings{"seq", "target", "about", "entered", "author", "text"};
  if (more) headings.emplace_back("via");
  csv out(headings);
  for (const auto& [number, id] : ids_of(f))
    for (const auto& a : f.rows->rows<annotation>({}, number)) {
      std::vector<std::string> row{std::to_string(a.seq), id,         zone.format(a.what.about), zone.format(a.what.at),
                                   a.what.author,         a.what.text};
      if (more) row.push_back(a.what.via);
      out.add(row);
    }
  return std::move(out).text();
}

}  // namespace changtong::audit
