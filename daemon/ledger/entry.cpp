#include "daemon/ledger/entry.h"

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/core/exact.h"
#include "daemon/core/json.h"
#include "daemon/host/digest.h"

namespace changtong::ledger {
namespace {

namespace json = boost::json;

// ---- to text -------------------------------------------------------------------------------------------------------

std::string instant_or_null(wall_t at, wall_t far_end) {
  return at == far_end ? std::string("null") : std::to_string(ms_of(at));
}

/** A field of people's entries that older ones do not have. */
void add_if_any(json_object& o, std::string_view key, const std::string& text) {
  if (!text.empty()) o.add(key, text);
}

void append_quoted(std::string& out, std::string_view text) { append_json_string(out, text); }

struct writer_of_text {
  wall_t now;

  entry_text operator()(const transition& t) const {
    json_object o;
    o.add("target", t.target).add("to", name_of(t.to)).add("at", ms_of(t.at));
    o.add_raw("edge", "[" + instant_or_null(t.edge.after, wall_min) + "," + std::to_string(ms_of(t.edge.until)) + "]");
    o.add("confirmed", ms_of(t.confirmed)).add("why", name_of(t.why)).add("decided_by", t.decided_by);
    o.add_bool("same_outage", t.same_outage);
    if (t.after_own_uplink) o.add_bool("after_own_uplink", true);
    return {"transition", t.confirmed, o.text()};
  }

  entry_text operator()(const resumed& r) const {
    std::string list = "[";
    wall_t at = wall_min;
    for (const transition& t : r.lines) {
      if (list.size() > 1) list += ',';
      list += '[';
      append_quoted(list, t.target);
      list += ',' + std::to_string(ms_of(t.at)) + ',' + std::to_string(ms_of(t.confirmed)) + ',';
      append_quoted(list, t.decided_by);
      list += ']';
      at = std::max(at, t.confirmed);
    }
    return {"resumed", at, json_object().add_raw("targets", list + "]").text()};
  }

  entry_text operator()(const unconfirmed_runs& u) const {
    std::string list = "[";
    wall_t at = wall_min;
    for (const unconfirmed_run& r : u.runs) {
      if (list.size() > 1) list += ',';
      list += '[';
      append_quoted(list, r.target);
      list += ',';
      append_quoted(list, r.check);
      list += ',' + std::to_string(ms_of(r.at)) + ',' + std::to_string(ms_of(r.last)) + ',' +
              std::to_string(r.samples) + ',';
      append_quoted(list, name_of(r.why));
      list += ']';
      at = std::max(at, r.last);
    }
    return {"unconfirmed", at, json_object().add_raw("runs", list + "]").text()};
  }

  entry_text operator()(const cause_found& c) const {
    json_object o;
    o.add("target", c.target).add("began", ms_of(c.began)).add("why", name_of(c.why)).add("upstream", c.upstream);
    return {"cause", std::max(now, c.began), o.text()};
  }

  entry_text operator()(const gap& g) const {
    json_object o;
    o.add("from", ms_of(g.from))
        .add_raw("to", instant_or_null(g.to, wall_max))
        .add("why", name_of(g.why))
        .add("text", g.text);
    return {"gap", std::max(now, g.to == wall_max ? g.from : g.to), o.text()};
  }

  entry_text operator()(const started& s) const {
    json_object o;
    o.add("at", ms_of(s.at)).add("version", s.version).add("text", s.text);
    if (s.rules != 1) o.add("rules", std::int64_t{s.rules});
    if (!s.node.empty()) o.add("node", s.node);
    if (!s.branch.empty()) o.add("branch", s.branch);
    if (s.parent.seq > 0) {
      json_object p;
      p.add("branch", s.parent.branch).add("seq", s.parent.seq).add("hash", s.parent.hash);
      o.add_raw("parent", p.text());
    }
    return {"start", s.at, o.text()};
  }
  entry_text operator()(const stopped& s) const { return {"stop", s.at, json_object().add("at", ms_of(s.at)).text()}; }

  entry_text operator()(const policy_version& p) const {
    json_object o;
    o.add("at", ms_of(p.at)).add("zone", p.zone).add("author", p.author).add("policy", p.policy);
    return {"policy", p.at, o.text()};
  }

  entry_text operator()(const inventory_version& v) const {
    json_object o;
    o.add("at", ms_of(v.at)).add("target", v.target).add("author", v.author).add("json", v.json);
    return {"inventory", v.at, o.text()};
  }

  entry_text operator()(const window_record& w) const {
    json_object o;
    o.add("at", ms_of(w.at)).add("id", w.id).add("target", w.target).add("from", ms_of(w.from)).add("to", ms_of(w.to));
    o.add("state", w.state).add("by", w.by).add("text", w.text);
    add_if_any(o, "flags", w.flags);
    add_if_any(o, "via", w.via);
    return {"window", w.at, o.text()};
  }

  entry_text operator()(const annotation& a) const {
    json_object o;
    o.add("at", ms_of(a.at))
        .add("target", a.target)
        .add("about", ms_of(a.about))
        .add("author", a.author)
        .add("text", a.text);
    add_if_any(o, "via", a.via);
    return {"annotation", a.at, o.text()};
  }

  entry_text operator()(const duty_record& d) const {
    json_object o;
    o.add("at", ms_of(d.at)).add("day", d.day).add("person", d.person).add("source", d.source);
    o.add("author", d.author).add("text", d.text);
    add_if_any(o, "via", d.via);
    return {"duty", d.at, o.text()};
  }

  entry_text operator()(const period_closed& c) const {
    json_object o;
    o.add("at", ms_of(c.at)).add("from", ms_of(c.when.from)).add("to", ms_of(c.when.to)).add("version", c.version);
    o.add("author", c.author).add("reason", c.reason).add("figures", c.figures).add("sheet", c.sheet);
    o.add("changes", c.changes);
    add_if_any(o, "via", c.via);
    return {"closed", c.at, o.text()};
  }

  entry_text operator()(const counter_reading& r) const {
    json_object o;
    o.add("at", ms_of(r.at)).add("counter", r.counter).add("about", ms_of(r.about)).add("value", r.value);
    o.add("unit", r.unit).add("source", r.source).add("author", r.author).add("via", r.via);
    return {"counter", r.at, o.text()};
  }

  entry_text operator()(const indicator_verdict& v) const {
    json_object o;
    o.add("at", ms_of(v.at)).add("plan", v.plan).add("indicator", v.indicator).add("verdict", name_of(v.verdict));
    o.add("points", v.points).add("text", v.text).add("document", v.document).add("sha256", v.sha256);
    o.add("author", v.author).add("via", v.via);
    return {"verdict", v.at, o.text()};
  }
};

// ---- from text: what is missing or of another type throws, and decode() says so
// ----------------------------------------

std::string text_of(const json::value& v) { return std::string(v.as_string()); }
wall_t instant_of(const json::value& v) {
  const std::int64_t ms = v.as_int64();
  if (ms < ms_of(wall_min) || ms > ms_of(wall_max)) throw std::out_of_range("instant");
  return wall_from_ms(ms);
}
wall_t instant_or(const json::value& v, wall_t far_end) { return v.is_null() ? far_end : instant_of(v); }
cause cause_of(const json::value& v) { return cause_named(v.as_string()).value(); }

line_state state_of(const json::value& v) {
  for (const line_state s : {line_state::up, line_state::down, line_state::unknown})
    if (name_of(s) == v.as_string()) return s;
  throw std::out_of_range("state");
}

entry transition_from(const json::object& o) {
  transition t;
  t.target = text_of(o.at("target"));
  t.to = state_of(o.at("to"));
  t.at = instant_of(o.at("at"));
  const json::array& edge = o.at("edge").as_array();
  t.edge = {instant_or(edge.at(0), wall_min), instant_of(edge.at(1))};
  t.confirmed = instant_of(o.at("confirmed"));
  t.why = cause_of(o.at("why"));
  t.decided_by = text_of(o.at("decided_by"));
  t.same_outage = o.at("same_outage").as_bool();
  if (const json::value* after = o.if_contains("after_own_uplink")) t.after_own_uplink = after->as_bool();
  return t;
}

/** What came with format 4 may be absent, but is never anything else than what this program writes. */
entry started_from(const json::object& o) {
  const auto digits = [](const json::value& v, std::size_t most, std::size_t least) {
    std::string text = text_of(v);
    if (text.size() > most || text.size() < least || text.find_first_not_of("0123456789abcdef") != std::string::npos)
      throw std::out_of_range("digits");
    return text;
  };
  started s{.at = instant_of(o.at("at")), .version = text_of(o.at("version")), .text = text_of(o.at("text"))};
  if (const json::value* rules = o.if_contains("rules")) {
    if (rules->as_int64() < 1 || rules->as_int64() > 1'000'000) throw std::out_of_range("rules");
    s.rules = static_cast<std::int32_t>(rules->as_int64());
  }
  if (const json::value* node = o.if_contains("node")) s.node = text_of(*node);
  if (const json::value* branch = o.if_contains("branch")) s.branch = digits(*branch, 32, 32);
  if (const json::value* parent = o.if_contains("parent")) {
    const json::object& p = parent->as_object();
    const std::string branch = digits(p.at("branch"), 32, 0);
    s.parent = {branch, p.at("seq").as_int64(), digits(p.at("hash"), 64, 64)};
    if (s.parent.seq < 1 || (!branch.empty() && branch.size() != 32)) throw std::out_of_range("parent");
  }
  return s;
}

entry resumed_from(const json::object& o) {
  resumed r;
  for (const json::value& v : o.at("targets").as_array()) {
    const json::array& a = v.as_array();
    transition t;
    t.target = text_of(a.at(0));
    t.to = line_state::up;
    t.at = instant_of(a.at(1));
    t.edge = {t.at, t.at};
    t.confirmed = instant_of(a.at(2));
    t.decided_by = text_of(a.at(3));
    r.lines.push_back(std::move(t));
  }
  return r;
}

entry unconfirmed_from(const json::object& o) {
  unconfirmed_runs u;
  for (const json::value& v : o.at("runs").as_array()) {
    const json::array& a = v.as_array();
    const std::int64_t samples = a.at(4).as_int64();
    if (samples < 0 || samples > 0xffffffff) throw std::out_of_range("samples");
    u.runs.push_back({text_of(a.at(0)), text_of(a.at(1)), instant_of(a.at(2)), instant_of(a.at(3)),
                      static_cast<std::uint32_t>(samples), cause_of(a.at(5))});
  }
  return u;
}

/** Who computes with it must be able to rely on it, whoever wrote the journal. */
std::string amount_of(const json::value& v) {
  const auto amount = parse_exact(v.as_string());
  if (!amount || *amount < 0) throw std::out_of_range("amount");
  return text_of(v);
}

entry counter_from(const json::object& o) {
  const auto text = [&](const char* key) { return text_of(o.at(key)); };
  return counter_reading{.at = instant_of(o.at("at")),
                         .counter = text("counter"),
                         .about = instant_of(o.at("about")),
                         .value = amount_of(o.at("value")),
                         .unit = text("unit"),
                         .source = text("source"),
                         .author = text("author"),
                         .via = text("via")};
}

entry verdict_from(const json::object& o) {
  const auto text = [&](const char* key) { return text_of(o.at(key)); };
  const std::string verdict = text("verdict");
  const auto what = attainment_named(verdict);
  if (!what || name_of(*what) != verdict) throw std::out_of_range("verdict");
  return indicator_verdict{.at = instant_of(o.at("at")),
                           .plan = text("plan"),
                           .indicator = text("indicator"),
                           .verdict = *what,
                           .points = text("points").empty() ? std::string() : amount_of(o.at("points")),
                           .text = text("text"),
                           .document = text("document"),
                           .sha256 = text("sha256"),
                           .author = text("author"),
                           .via = text("via")};
}

entry entry_from(std::string_view kind, const json::object& o) {
  const auto text = [&](const char* key) { return text_of(o.at(key)); };
  const auto instant = [&](const char* key) { return instant_of(o.at(key)); };
  const auto maybe = [&](const char* key) { return o.contains(key) ? text(key) : std::string(); };
  if (kind == "transition") return transition_from(o);
  if (kind == "resumed") return resumed_from(o);
  if (kind == "unconfirmed") return unconfirmed_from(o);
  if (kind == "cause") return cause_found{text("target"), instant("began"), cause_of(o.at("why")), text("upstream")};
  if (kind == "gap") return gap{instant("from"), instant_or(o.at("to"), wall_max), cause_of(o.at("why")), text("text")};
  if (kind == "start") return started_from(o);
  if (kind == "stop") return stopped{instant("at")};
  if (kind == "policy") return policy_version{instant("at"), text("zone"), text("policy"), text("author")};
  if (kind == "inventory") return inventory_version{instant("at"), text("target"), text("json"), text("author")};
  if (kind == "window")
    return window_record{instant("at"), text("id"), text("target"), instant("from"), instant("to"),
                         text("state"), text("by"), text("text"),   maybe("flags"),  maybe("via")};
  if (kind == "annotation")
    return annotation{instant("at"), text("target"), instant("about"), text("author"), text("text"), maybe("via")};
  if (kind == "duty")
    return duty_record{instant("at"),  text("day"),  text("person"), text("source"),
                       text("author"), text("text"), maybe("via")};
  if (kind == "closed") {
    const std::int64_t version = o.at("version").as_int64();
    if (version < 1) throw std::out_of_range("version");
    return period_closed{instant("at"),  {instant("from"), instant("to")},
                         version,        text("author"),
                         text("reason"), text("figures"),
                         text("sheet"),  text("changes"),
                         maybe("via")};
  }
  if (kind == "counter") return counter_from(o);
  if (kind == "verdict") return verdict_from(o);
  throw std::out_of_range("kind");
}

}  // namespace

entry_text encode(const entry& e, wall_t now) { return std::visit(writer_of_text{now}, e); }

result<entry> decode(std::string_view kind, std::string_view body) {
  try {
    boost::system::error_code failed;
    const json::value v = json::parse(body, failed);
    if (failed) return problem{"the body is not JSON"};
    return entry_from(kind, v.as_object());
  } catch (const std::exception&) {  // Boost.JSON's way to say "another type" or "no such key"
    return problem{"not an entry of kind " + std::string(kind)};
  }
}

digest chain(const digest& prev, std::int64_t seq, wall_t at, std::string_view kind, std::string_view body) {
  const auto put = [](std::uint8_t* out, std::int64_t v) {
    for (int i = 7; i >= 0; --i) *out++ = static_cast<std::uint8_t>(static_cast<std::uint64_t>(v) >> (8 * i));
  };
  std::array<std::uint8_t, 48> front{};
  std::ranges::copy(prev, front.begin());
  put(front.data() + 32, seq);
  put(front.data() + 40, ms_of(at));
  thread_local host::sha256 state;
  return state.add({reinterpret_cast<const char*>(front.data()), front.size()})
      .add(kind)
      .add(std::string_view("", 1))
      .add(body)
      .finish();
}

}  // namespace changtong::ledger
