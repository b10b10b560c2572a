// Merges what tests/scenarios/merged_worlds.py makes up: on standard input a world a line, {"observers": [{"name",
// "offset", "starts": [[branch, instant]], "heartbeat", "spans": [[from, to, state]], "outages": […], "unconfirmed":
// […]}], "scope": [from, to], "excluded":
// [[from, to]], "period": [from, to]}, on standard output its merged book a line. Instants are milliseconds, null an
// open end or a missing lower bound.
#include <boost/json.hpp>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/observers/merge.h"
#include "daemon/observers/observer.h"
#include "daemon/observers/parted.h"

namespace changtong::observers {
namespace {

namespace json = boost::json;
using availability::outage;
using availability::state_span;
using availability::target_history;

wall_t instant(const json::value& v, wall_t otherwise) {
  return v.is_null() ? otherwise : wall_from_ms(v.to_number<std::int64_t>());
}
json::value told(wall_t at) { return at == wall_min || at == wall_max ? json::value() : json::value(ms_of(at)); }
period between(const json::value& v) { return {instant(v.at(0), wall_min), instant(v.at(1), wall_max)}; }
std::string text(const json::value& v) { return std::string(v.as_string()); }

line_state state_named(const std::string& word) {
  return word == "up" ? line_state::up : word == "down" ? line_state::down : line_state::unknown;
}

outage read_outage(const json::value& v) {
  outage o;
  o.began = instant(v.at("began"), wall_min);
  o.confirmed = instant(v.at("confirmed"), wall_min);
  o.ended = instant(v.at("ended"), wall_max);
  o.began_edge = {instant(v.at("lower"), wall_min), instant(v.at("upper"), wall_max)};
  o.ended_edge = {instant(v.at("end_lower"), wall_min), instant(v.at("end_upper"), wall_max)};
  for (const json::value& hole : v.at("holes").as_array()) o.holes.push_back(between(hole));
  o.why = v.at("why") == "refused" ? cause::refused : cause::timeout;
  o.found = v.at("found") == "none" ? cause::none : v.at("found") == "upstream" ? cause::upstream : cause::own_line;
  o.upstream = text(v.at("upstream"));
  o.decided_by = text(v.at("decided_by"));
  o.after_own_uplink = v.at("own_uplink").as_bool();
  return o;
}

target_history read_history(const json::value& v) {
  target_history h;
  h.target = "L1";
  for (const json::value& s : v.at("spans").as_array())
    h.spans.push_back({between(s), state_named(text(s.at(2))), cause::none});
  for (const json::value& o : v.at("outages").as_array()) h.outages.push_back(read_outage(o));
  for (const json::value& at : v.at("unconfirmed").as_array()) h.unconfirmed.push_back(instant(at, wall_min));
  return h;
}

json::object as_json(const outage& o) {
  json::array holes;
  for (const period& h : o.holes) holes.push_back({told(h.from), told(h.to)});
  const bool open = o.ended == wall_max;
  return {{"began", told(o.began)},
          {"confirmed", told(o.confirmed)},
          {"ended", told(o.ended)},
          {"lower", told(o.began_edge.after)},
          {"upper", told(o.began_edge.until)},
          {"end_lower", open ? json::value() : told(o.ended_edge.after)},
          {"end_upper", open ? json::value() : told(o.ended_edge.until)},
          {"holes", holes},
          {"why", name_of(o.why)},
          {"found", o.found == cause::none ? "none" : name_of(o.found)},
          {"upstream", o.upstream},
          {"decided_by", o.decided_by},
          {"own_uplink", o.after_own_uplink}};
}

json::array set_of(const target_history& h, line_state state) {
  std::vector<period> joined;
  for (const state_span& s : h.spans)
    if (s.state != state)
      continue;
    else if (!joined.empty() && joined.back().to == s.when.from)
      joined.back().to = s.when.to;
    else
      joined.push_back(s.when);
  json::array all;
  for (const period& p : joined) all.push_back({told(p.from), told(p.to)});
  return all;
}

json::value sums(const target_history& h, period p) {
  const availability::seconds s = availability::measure(h, p);
  if (!s.scope) return {};
  return {{"up", s.up.count()},
          {"down", s.down.count()},
          {"down_min", s.down_min.count()},
          {"down_mid", s.down_mid.count()},
          {"down_max", s.down_max.count()},
          {"excluded", s.excluded.count()},
          {"unknown", s.unknown.count()},
          {"outages", s.outages},
          {"unconfirmed", s.unconfirmed}};
}

json::array words(const std::vector<std::string>& all) {
  json::array out;
  for (const std::string& word : all) out.emplace_back(word);
  return out;
}

/** Books of one line, as far as same_books() asks. */
class told_books final : public ledger::reader {
 public:
  explicit told_books(const target_history& h) : history_(h) {}
  [[nodiscard]] const civil_zone& zone() const override { throw std::logic_error("nobody asks"); }
  [[nodiscard]] wall_t first_entry() const override { return wall_min; }
  [[nodiscard]] wall_t heartbeat() const override { return wall_max; }
  [[nodiscard]] std::vector<ledger::known_target> targets() const override { return {}; }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> categories() const override { return {}; }
  void histories(period, wall_t, std::string_view,
                 const std::function<void(const ledger::known_target&, const target_history&)>& each) const override {
    ledger::known_target line;
    line.id = history_.target;
    each(line, history_);
  }
  [[nodiscard]] std::vector<outage> outages(period, std::string_view, std::size_t) const override { return {}; }

 private:
  const target_history& history_;
};

signature read_signature(const json::value& v) {
  signature s{.file = text(v.at("name")), .heartbeat = instant(v.at("heartbeat"), wall_min)};
  for (const json::value& start : v.at("starts").as_array()) {
    started& next = s.starts.emplace_back();
    next.branch = text(start.at(0));
    next.at = instant(start.at(1), wall_min);
  }
  return s;
}

/** Those that are not but the beginning of another. */
std::vector<json::value> observing(const json::array& all) {
  std::vector<target_history> histories;
  std::vector<signature> signatures;
  for (const json::value& o : all) histories.push_back(read_history(o)), signatures.push_back(read_signature(o));
  const std::vector<told_books> books(histories.begin(), histories.end());
  std::vector<const ledger::reader*> readers;
  for (const told_books& b : books) readers.push_back(&b);
  const auto same = same_books(readers, signatures);
  std::vector<json::value> kept;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!same[i]) kept.push_back(all[i]);
  return kept;
}

json::object played(const json::value& world) {
  std::vector<observer> who;
  std::vector<target_history> histories;
  for (const json::value& o : observing(world.at("observers").as_array())) {
    observer next{text(o.at("name")), std::nullopt};
    if (!o.at("offset").is_null()) next.offset = milliseconds{o.at("offset").to_number<std::int64_t>()};
    if (who.empty()) next.offset = milliseconds{0};
    who.push_back(std::move(next));
    histories.push_back(read_history(o));
  }
  std::vector<testimony> of;
  json::array merged;
  for (std::size_t i = 0; i < who.size(); ++i) {
    if (!who[i].merged()) continue;
    of.push_back({who[i].name, who[i].width(), &histories[i]});
    merged.emplace_back(who[i].name);
  }
  target_history h = merge(of);
  h.scope = between(world.at("scope"));
  for (const json::value& w : world.at("excluded").as_array()) h.excluded.push_back(between(w));
  json::array outages, runs, differ;
  for (const outage& o : h.outages) outages.push_back(as_json(o));
  for (const wall_t at : h.unconfirmed) runs.push_back(told(at));
  for (const disagreement& d : disagreements(of, h.scope))
    differ.push_back({told(d.when.from), told(d.when.to), words(d.up), words(d.down)});
  return {{"merged", merged},
          {"up", set_of(h, line_state::up)},
          {"down", set_of(h, line_state::down)},
          {"outages", outages},
          {"unconfirmed", runs},
          {"disagreements", differ},
          {"sums", sums(h, between(world.at("period")))}};
}

}  // namespace
}  // namespace changtong::observers

int main() {
  for (std::string line; std::getline(std::cin, line);)
    std::cout << boost::json::serialize(changtong::observers::played(boost::json::parse(line))) << '\n';
  return 0;
}
