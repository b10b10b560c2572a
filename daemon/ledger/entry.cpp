#include "daemon/ledger/entry.h"

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/core/declaration.h"
#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/host/digest.h"

namespace changtong::ledger {
namespace {

namespace json = boost::json;

// ---- to text -------------------------------------------------------------------------------------------------------

std::string instant_or_null(wall_t at, wall_t far_end) {
  return at == far_end ? std::string("null") : std::to_string(ms_of(at));
}

// How a type of field is written.
void put(json_object& o, std::string_view key, const std::string& text) { o.add(key, text); }
void put(json_object& o, std::string_view key, wall_t at) { o.add(key, ms_of(at)); }
void put(json_object& o, std::string_view key, std::int64_t number) { o.add(key, number); }
template <named_value E>
void put(json_object& o, std::string_view key, E one) {
  o.add(key, name_of(one));
}

void append_quoted(std::string& out, std::string_view text) { append_json_string(out, text); }

/** The label: the instant that an entry gives itself, or that of its commit where it has none of its own. */
struct label_of_entry {
  wall_t now;

  wall_t operator()(const transition& t) const { return t.confirmed; }
  wall_t operator()(const resumed& r) const {
    wall_t at = wall_min;
    for (const transition& t : r.lines) at = std::max(at, t.confirmed);
    return at;
  }
  wall_t operator()(const unconfirmed_runs& u) const {
    wall_t at = wall_min;
    for (const unconfirmed_run& r : u.runs) at = std::max(at, r.last);
    return at;
  }
  wall_t operator()(const cause_found& c) const { return std::max(now, c.began); }
  wall_t operator()(const gap& g) const { return std::max(now, g.to == wall_max ? g.from : g.to); }
  template <class T>
  wall_t operator()(const T& declared) const {
    return declared.at;
  }
};

/** All but the label. */
struct writer_of_text {
  entry_text operator()(const transition& t) const {
    json_object o;
    o.add("target", t.target).add("to", name_of(t.to)).add("at", ms_of(t.at));
    o.add_raw("edge", "[" + instant_or_null(t.edge.after, wall_min) + "," + std::to_string(ms_of(t.edge.until)) + "]");
    o.add("confirmed", ms_of(t.confirmed)).add("why", name_of(t.why)).add("decided_by", t.decided_by);
    o.add_bool("same_outage", t.same_outage);
    if (t.after_own_uplink) o.add_bool("after_own_uplink", true);
    return {"transition", {}, o.text()};
  }

  entry_text operator()(const resumed& r) const {
    std::string list = "[";
    for (const transition& t : r.lines) {
      if (list.size() > 1) list += ',';
      list += '[';
      append_quoted(list, t.target);
      list += ',' + std::to_string(ms_of(t.at)) + ',' + std::to_string(ms_of(t.confirmed)) + ',';
      append_quoted(list, t.decided_by);
      list += ']';
    }
    return {"resumed", {}, json_object().add_raw("targets", list + "]").text()};
  }

  entry_text operator()(const unconfirmed_runs& u) const {
    std::string list = "[";
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
    }
    return {"unconfirmed", {}, json_object().add_raw("runs", list + "]").text()};
  }

  entry_text operator()(const cause_found& c) const {
    json_object o;
    o.add("target", c.target).add("began", ms_of(c.began)).add("why", name_of(c.why)).add("upstream", c.upstream);
    return {"cause", {}, o.text()};
  }

  entry_text operator()(const gap& g) const {
    json_object o;
    o.add("from", ms_of(g.from))
        .add_raw("to", instant_or_null(g.to, wall_max))
        .add("why", name_of(g.why))
        .add("text", g.text);
    return {"gap", {}, o.text()};
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
    return {"start", {}, o.text()};
  }
  entry_text operator()(const stopped& s) const { return {"stop", {}, json_object().add("at", ms_of(s.at)).text()}; }

  /** What people declare is written as its table says. */
  template <class T>
  entry_text operator()(const T& declared) const {
    json_object o;
    each_field<T>([&](const auto& f) {
      const auto& value = f.of(declared);
      if (f.stands != presence::if_any || says_something(value)) put(o, f.name, value);
    });
    return {description<T>::kind, {}, o.text()};
  }
};

// ---- from text: what is missing or of another type throws, and decode_body() says so
// ---------------------------------

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

// How a type of field is read.
void take(const json::value& v, std::string& into) { into = text_of(v); }
void take(const json::value& v, wall_t& into) { into = instant_of(v); }
void take(const json::value& v, std::int64_t& into) { into = v.as_int64(); }
template <named_value E>
void take(const json::value& v, E& into) {
  into = value_named<E>(v.as_string()).value();
}

template <class T>
T declared_from(const json::object& o) {
  T declared{};
  each_field<T>([&](const auto& f) {
    const json::value* v = o.if_contains(f.name);
    if (v == nullptr && f.stands == presence::if_any) return;
    if (v == nullptr) throw std::out_of_range(std::string(f.name));
    take(*v, f.of(declared));
    if (f.good != nullptr && !f.good(f.of(declared))) throw std::out_of_range(std::string(f.name));
  });
  return declared;
}

/** The declaration of this kind; none if it is none. */
template <class... T>
std::optional<entry> declaration_from(std::string_view kind, const json::object& o, types<T...> /*all*/) {
  std::optional<entry> found;
  (void)((kind == description<T>::kind && (found = declared_from<T>(o), true)) || ...);
  return found;
}

entry entry_from(std::string_view kind, const json::object& o) {
  const auto text = [&](const char* key) { return text_of(o.at(key)); };
  const auto instant = [&](const char* key) { return instant_of(o.at(key)); };
  if (kind == "transition") return transition_from(o);
  if (kind == "resumed") return resumed_from(o);
  if (kind == "unconfirmed") return unconfirmed_from(o);
  if (kind == "cause") return cause_found{text("target"), instant("began"), cause_of(o.at("why")), text("upstream")};
  if (kind == "gap") return gap{instant("from"), instant_or(o.at("to"), wall_max), cause_of(o.at("why")), text("text")};
  if (kind == "start") return started_from(o);
  if (kind == "stop") return stopped{instant("at")};
  if (auto declared = declaration_from(kind, o, declarations{})) return std::move(*declared);
  throw std::out_of_range("kind");
}

}  // namespace

wall_t label_of(const entry& e, wall_t now) { return std::visit(label_of_entry{now}, e); }

entry_text encode(const entry& e, wall_t now) {
  entry_text text = std::visit(writer_of_text{}, e);
  text.at = label_of(e, now);
  return text;
}

result<entry> decode(std::string_view kind, wall_t at, std::string_view body) {
  result<entry> e = decode_body(kind, body);
  if (e && label_of(*e, at) != at) return said({"所标的时刻不是内容里的时刻", "its label is not the instant in it"});
  return e;
}

result<entry> decode_body(std::string_view kind, std::string_view body) {
  try {
    boost::system::error_code failed;
    const json::value v = json::parse(body, failed);
    if (failed) return said({"内容不是 JSON", "the body is not JSON"});
    return entry_from(kind, v.as_object());
  } catch (const std::exception&) {  // Boost.JSON's way to say "another type" or "no such key"
    return said(both("不是 {} 类的账目", "not an entry of kind {}", kind));
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
      .add(std::string_view("\0", 1))
      .add(body)
      .finish();
}

}  // namespace changtong::ledger
