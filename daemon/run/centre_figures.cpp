#include "daemon/run/centre_figures.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/centre/newest_states.h"
#include "daemon/centre/one_state.h"
#include "daemon/core/json.h"
#include "daemon/host/clocks.h"
#include "daemon/publish/api/answers.h"
#include "daemon/report/book_text.h"
#include "daemon/run/centre_door.h"
#include "daemon/run/centre_nodes.h"

namespace changtong {
namespace {

constexpr std::size_t most_kept = 64, most_kept_bytes = 32 << 20;
constexpr std::size_t most_lines = 100'000;
constexpr milliseconds patience_of_difference{5'000};  // what was closed is there at once

}  // namespace

struct centre_figures::question {
  const web_request& request;
  centre::database& db;
  wall_t now{};
  period when{};
  std::vector<centre::asked_node> nodes;
  std::function<void()> still_wanted;

  /** What of it an answer rests on: whose books, how far, and what was asked. */
  [[nodiscard]] std::string resting_on(std::string_view what) const {
    answer_key out(what);
    out.add(ms_of(when.from)).add(ms_of(when.to)).add(when.from > now).add(request, {"from", "to"});
    for (const centre::asked_node& n : nodes) {
      out.add(ms_of(std::min(centre::cut_of_node(n, now), when.to)));
      out.add(n.offset().value_or(milliseconds{0}).count());
      for (const centre::folded_head* h : n.heads()) add(out, *h).add(ms_of(std::min(h->folded_to, when.to)));
    }
    return std::move(out).text();
  }
  /** And by who is heard, where it says how something stands now. */
  [[nodiscard]] std::string heard_of(std::string_view what) const {
    answer_key out(resting_on(what));
    for (const centre::asked_node& n : nodes) out.add(centre::is_heard(n, now)).add(ms_of(n.known_to()));
    return std::move(out).text();
  }
  /** The same of how lines stand, for which the time matters by who is heard alone. */
  [[nodiscard]] std::string standing_on() const {
    answer_key out("lines");
    out.add(request);
    for (const centre::asked_node& n : nodes)
      for (const centre::folded_head* h : n.heads())
        add(out, *h).add(ms_of(h->folded_to)).add(centre::is_heard(*h, now)).add(n.apart());
    return std::move(out).text();
  }

 private:
  static answer_key& add(answer_key& out, const centre::folded_head& h) {
    return out.add(h.number).add(h.branch).add(h.folded).add(h.retired ? ms_of(*h.retired) : 0);
  }
};

centre_figures::centre_figures(const centre_file& s, centre::conversations& books)
    : nodes_(s.nodes), readers_(s.readers), zone_(s.zone), books_(books), kept_(most_kept, most_kept_bytes) {}

std::vector<web_route> centre_figures::routes() {
  std::vector<web_route> out;
  const auto add = [&](std::string path, answer by, std::vector<std::string> parameters) {
    out.push_back({.method = "GET",
                   .path = std::move(path),
                   .answer = [this, by, parameters = std::move(parameters)](
                                 const web_request& r) { return answered(r, by, parameters); },
                   .lane = web_lane::reading,
                   .keeper = [this](const web_request& head) { return no_reader(head, readers_); }});
  };
  add("/centre/v1/availability", &centre_figures::availability, {"from", "to", "by"});
  add("/centre/v1/outages", &centre_figures::outages, {"from", "to", "open", "limit"});
  add("/centre/v1/lines", &centre_figures::lines, {"state", "limit"});
  return out;
}

namespace {

problem mistaken(problem p) {
  p.what = problem_class::usage;
  return p;
}

bool asks_for_some(const web_request& request) {
  return std::ranges::any_of(node_parameters,
                             [&](std::string_view name) { return !request.parameter(std::string(name)).empty(); });
}

}  // namespace

result<void> centre_figures::understand(question& q) const {
  auto heads = centre::folded_heads(q.db);
  if (!heads) return heads.error();
  q.nodes = nodes_asked_for(nodes_, q.request, std::move(*heads));
  if (q.nodes.empty() && asks_for_some(q.request))
    return mistaken(said({"没有这样的节点或地方：名称应与中心配置 nodes 里的相同（一对的写 pair 的名称）",
                          "no such node or place: the names are those of the centre's nodes (of a pair its own)"}));
  q.still_wanted = until_patience_ends();
  return {};
}

web_response centre_figures::answered(const web_request& request, answer by, std::vector<std::string> parameters) {
  if (auto stranger = no_reader(request, readers_)) return std::move(*stranger);
  parameters.insert(parameters.end(), node_parameters.begin(), node_parameters.end());
  for (const auto& [name, value] : request.query)
    if (std::ranges::find(parameters, name) == parameters.end() || request.query.count(name) > 1)
      return api::bad_parameter(said(both("没有参数 {}，或写了两次", "no parameter {}, or it stands twice", name)));
  const auto done = books_.with([&](centre::database& db) -> result<web_response> {
    try {
      const centre::one_state held(db);
      // Whole seconds, as answers say them: who asks the same within one is given the same.
      const auto now = std::chrono::floor<std::chrono::seconds>(system_clocks().wall());
      question q{.request = request, .db = db, .now = now, .nodes = {}, .still_wanted = {}};
      if (const auto understood = understand(q); !understood) return understood.error();
      return (this->*by)(q);
    } catch (const std::exception& e) {
      return said(words_of(e));
    }
  });
  if (done) return *done;
  const phrase why = words_of(done.error());
  if (done.error().what == problem_class::usage) return api::bad_parameter(done.error());
  web_response out = problem_answer(503, "database", why.cn, why.en);
  out.headers.emplace_back("Retry-After", "1");
  return out;
}

template <class Make>
std::shared_ptr<const std::string> centre_figures::kept(std::string key, Make make) {
  if (auto had = kept_.find(key)) return had;
  auto text = std::make_shared<const std::string>(make());
  kept_.keep(std::move(key), text);
  return text;
}

namespace {

/** Of one of the heads of `n`. */
std::string known_of(const centre::asked_node& n, const centre::folded_head& h, wall_t now, const civil_zone& zone) {
  json_object o;
  o.add("node", h.node);
  n.pair.empty() ? o.add_null("pair") : o.add("pair", n.pair);
  const bool second = &h != &n.head;
  o.add_bool("apart", second && n.apart());
  const auto offset = second ? n.offset() : std::nullopt;
  offset ? o.add("offset_ms", std::int64_t{offset->count()}) : o.add_null("offset_ms");
  o.add("branch", std::int64_t{h.branch});
  api::add_instant(o, "as_of", h.folded_to, zone);
  const bool known = h.folded_to != wall_t{};
  known ? o.add("lag_ms", std::max<std::int64_t>(0, (now - h.folded_to).count())) : o.add_null("lag_ms");
  o.add("entries", h.entries).add("folded", h.folded);
  h.stuck ? o.add("stuck", *h.stuck) : o.add_null("stuck");
  if (h.stuck) o.add("why", h.why.cn).add("why_en", h.why.en);
  h.retired ? o.add("retired", zone.format(*h.retired)) : o.add_null("retired");
  return o.text();
}

/** How far each node is known, the two of a pair each. */
std::string known_of(const std::vector<centre::asked_node>& nodes, wall_t now, const civil_zone& zone) {
  json_array out;
  for (const centre::asked_node& n : nodes)
    for (const centre::folded_head* h : n.heads()) out.add_raw(known_of(n, *h, now, zone));
  return out.text();
}

json_object envelope(const std::vector<centre::asked_node>& nodes, period when, wall_t now, const civil_zone& zone) {
  json_object out;
  out.add("at", zone.format(now));
  api::add_instant(out, "from", when.from, zone);
  api::add_instant(out, "to", when.to, zone);
  out.add_raw("nodes", known_of(nodes, now, zone));
  return out;
}

/** Of a month that is closed: by whom, whether the rows are its own, and how many of its figures the books have
 * otherwise by now, where that was computed; or why it cannot be read. */
std::string in_short(const closed_answer& closed, bool shown, const civil_zone& zone) {
  if (!closed.closing.unread.en.empty()) return to_json(closed.closing, zone, false);
  const centre::month_closed& c = closed.closing.what;
  json_object o;
  o.add("version", c.version).add("at", zone.format(c.at)).add("author", c.author).add_bool("shown", shown);
  closed.differs ? o.add("differs", static_cast<std::int64_t>(*closed.differs)) : o.add_null("differs");
  return o.text();
}

period today_so_far(const civil_zone& zone, wall_t now) {
  period day = zone.around(now, civil_zone::unit::day);
  day.to = std::min(day.to, std::max(now, day.from + milliseconds{1}));  // it has begun
  return day;
}

}  // namespace

/** None: the books are too slow, or away; what was closed is told all the same. */
std::optional<std::size_t> centre_figures::difference(const question& q, const closed_answer& closed) {
  try {
    const auto count = kept(q.resting_on(fmt::format("since {}", closed.closing.seq)), [&] {
      const auto now = centre::figures(q.db, q.nodes,
                                       {.when = q.when,
                                        .now = q.now,
                                        .zone = zone_,
                                        .by = {centre::closed_by.begin(), centre::closed_by.end()},
                                        .still_wanted = until_patience_ends(patience_of_difference)});
      return std::to_string(differing(closed, now));
    });
    return std::stoul(*count);
  } catch (const std::exception& e) {
    log::debug("没有与现在的账比较 / a closed month was not compared with the books: {}", to_string(words_of(e)));
    return std::nullopt;
  }
}

result<web_response> centre_figures::availability(question& q) {
  const std::string_view named = q.request.query.contains("by") ? q.request.parameter("by") : "node";
  const auto by = centre::groupings_named(named);
  if (!by) return by.error();
  const auto asked = api::period_parameters(q.request, zone_, today_so_far(zone_, q.now));
  if (!asked) return mistaken(asked.error());
  q.when = *asked;
  const auto by_these = [&](std::vector<centre::grouping> groups) {
    return centre::figures(
        q.db, q.nodes,
        {.when = q.when, .now = q.now, .zone = zone_, .by = std::move(groups), .still_wanted = q.still_wanted});
  };
  auto closed = closed_for(q.db, q.request, q.when, zone_);
  if (!closed) return closed.error();
  if (*closed && (*closed)->is_shown()) (*closed)->differs = difference(q, **closed);
  const bool shown = *closed && (*closed)->is_shown() && centre::groups_closed(*by);
  json_object out = envelope(q.nodes, q.when, q.now, zone_);
  out.add("by", named).add_raw("closing", *closed ? in_short(**closed, shown, zone_) : "null");
  if (shown)
    return api::json_answer(out.add_raw("rows", rows_text(centre::grouped((*closed)->rows, *by), zone_)).text());
  const auto rows = kept(q.resting_on("availability"), [&] { return rows_text(by_these(*by), zone_); });
  return api::json_answer(out.add_raw("rows", *rows).text());
}

result<web_response> centre_figures::outages(question& q) {
  const std::string_view flag = q.request.parameter("open");
  if (!flag.empty() && flag != "1" && flag != "0" && flag != "true" && flag != "false")
    return mistaken(about("open", said("应为 1 或 0", "1 or 0")));
  const bool open_only = flag == "1" || flag == "true";
  const auto limit = number_parameter(q.request, "limit", 200, most_outages);
  if (!limit) return mistaken(limit.error());
  const period otherwise =
      open_only ? period{q.now - milliseconds{1}, q.now + milliseconds{1}} : today_so_far(zone_, q.now);
  const auto asked = api::period_parameters(q.request, zone_, otherwise);
  if (!asked) return mistaken(asked.error());
  q.when = *asked;
  const auto rows = kept(q.heard_of("outages"), [&] {
    json_array out;
    auto found = outages_of_nodes(q.db, q.nodes, {q.when, q.now, open_only, *limit}, q.still_wanted);
    for (const outage_of_node& o : found.list) out.add_raw(to_json(o, q.nodes, q.now, zone_));
    return out.text();
  });
  json_object whole = envelope(q.nodes, q.when, q.now, zone_);
  whole.add("limit", static_cast<std::int64_t>(*limit)).add_raw("outages", *rows);
  return api::json_answer(whole.text());
}

result<web_response> centre_figures::lines(question& q) {
  const std::string_view only = q.request.parameter("state");
  if (!only.empty() && only != "up" && only != "down" && only != "unknown")
    return mistaken(about("state", said("应为 up、down 或 unknown", "up, down or unknown")));
  const auto limit = number_parameter(q.request, "limit", 10'000, most_lines);
  if (!limit) return mistaken(limit.error());
  const auto rows = kept(q.standing_on(), [&] { return lines_text(q, only, *limit); });
  json_object out;
  out.add("at", zone_.format(q.now)).add_raw("nodes", known_of(q.nodes, q.now, zone_));
  return api::json_answer(api::joined_objects(out.text(), *rows));
}

/** The rest of the answer, an object. */
std::string centre_figures::lines_text(const question& q, std::string_view only, std::size_t limit) const {
  std::int64_t all = 0;
  json_array list;
  for (const centre::asked_node& n : q.nodes) {
    q.still_wanted();
    const bool heard = centre::is_heard(n, q.now);
    centre::newest_states(q.db, n, q.still_wanted, [&](const centre::newest_state& s) {
      const std::string_view last = name_of(s.state), now = heard ? last : name_of(line_state::unknown);
      if ((!only.empty() && only != now) || ++all > static_cast<std::int64_t>(limit)) return;
      const ledger::known_target& t = *s.target;
      json_object o;
      o.add("node", n.name()).add("district", n.district).add("line", t.id).add("name", t.name);
      o.add("kind", t.kind).add("category", t.category).add("town", t.town).add("carrier", t.carrier);
      o.add("state", now).add("last_state", last).add("cause", name_of(s.why));
      s.since ? o.add("since", zone_.format(*s.since)) : o.add_null("since");
      o.add_bool("excluded", s.excluded).add("as_of", zone_.format(n.known_to()));
      list.add_raw(o.text());
    });
  }
  json_object out;
  out.add("total", all).add("limit", static_cast<std::int64_t>(limit)).add_raw("lines", list.text());
  return out.text();
}

}  // namespace changtong
