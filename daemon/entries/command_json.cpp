#include "daemon/entries/command_json.h"

#include <algorithm>
#include <boost/json.hpp>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>

namespace changtong::api {
namespace {

namespace json = boost::json;

constexpr std::size_t most_bytes = 1024 * 1024;
constexpr std::size_t most_value = 8192;  // bytes of one text; the books are stricter
constexpr std::size_t most_targets = 20'000;

problem wrong(std::string_view key, const std::string& what) { return {.text = std::string(key) + ": " + what}; }

std::string shown(std::string_view key) {
  std::string out(key.substr(0, 40));
  std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
  return out;
}

/** One entry, read key by key; the first mistake is kept. */
class fields {
 public:
  fields(const json::object& o, std::initializer_list<std::string_view> known) : object_(o) {
    for (const auto& [key, value] : o)
      if (std::ranges::find(known, std::string_view(key)) == known.end())
        fail({.text = "unknown key '" + shown(key) + "'"});
  }

  std::string text(std::string_view key) {
    const json::value* v = object_.if_contains(key);
    if (v == nullptr) return {};
    if (!v->is_string() || v->get_string().size() > most_value) {
      fail(wrong(key, "must be text of at most 8192 bytes"));
      return {};
    }
    return std::string(v->get_string());
  }

  std::string required(std::string_view key) {
    std::string t = text(key);
    if (t.empty()) fail(wrong(key, "is missing"));
    return t;
  }

  std::optional<wall_t> instant(std::string_view key, const civil_zone& zone) {
    const std::string written = text(key);
    if (written.empty()) return std::nullopt;
    const auto at = zone.parse_instant(written);
    if (at) return *at;
    fail(wrong(key, at.error().text + " / " + std::string(key) + ": " + at.error().text_en));
    return std::nullopt;
  }

  std::vector<std::string> targets() {
    const json::value* v = object_.if_contains("targets");
    if (v == nullptr) return {};
    if (!v->is_array() || v->get_array().size() > most_targets) {
      fail(wrong("targets", "must be a list of at most 20000 ids"));
      return {};
    }
    std::vector<std::string> out;
    for (const json::value& one : v->get_array()) {
      if (!one.is_string() || one.get_string().size() > most_value) {
        fail(wrong("targets", "must be a list of at most 20000 ids"));
        return {};
      }
      out.emplace_back(one.get_string());
    }
    return out;
  }

  bool flag(std::string_view key) {
    const json::value* v = object_.if_contains(key);
    if (v == nullptr) return false;
    if (!v->is_bool()) fail(wrong(key, "must be true or false"));
    return v->is_bool() && v->get_bool();
  }

  void fail(problem p) {
    if (bad.text.empty()) bad = std::move(p);
  }
  problem bad;  ///< its text is empty: nothing is wrong

 private:
  const json::object& object_;
};

/** Where the string that begins at `at` ends, behind its quote. */
std::size_t string_end(std::string_view json, std::size_t at) {
  for (++at; json[at] != '"'; ++at)
    if (json[at] == '\\') ++at;
  return at + 1;
}

/** A key that stands twice in one object; the parser keeps the last of them and says nothing. Only for text that it has
 * taken. */
std::optional<std::string> repeated_key(std::string_view body) {
  std::vector<std::set<std::string>> keys;  // of the objects around
  for (std::size_t at = 0; at < body.size(); ++at) {
    if (body[at] == '{') keys.emplace_back();
    if (body[at] == '}') keys.pop_back();
    if (body[at] != '"') continue;
    const std::size_t end = string_end(body, at);
    const std::size_t next = body.find_first_not_of(" \t\r\n", end);
    if (next != std::string_view::npos && body[next] == ':') {
      std::string key(json::parse(body.substr(at, end - at)).get_string());  // `a` and `\u0061` are one key
      if (!keys.back().insert(key).second) return key;
    }
    at = end - 1;
  }
  return std::nullopt;
}

result<json::value> parsed(std::string_view body) {
  if (body.size() > most_bytes) return problem{"the body is larger than 1 MiB"};
  json::parse_options options;
  options.max_depth = 6;
  boost::system::error_code failed;
  json::value v = json::parse(body, failed, {}, options);
  if (failed) return problem{"the body is not JSON: " + failed.message()};
  if (!v.is_object()) return problem{"the body must be an object"};
  if (const auto key = repeated_key(body))
    return problem{"键 '" + shown(*key) + "' 出现两次，请只写一次 / key '" + shown(*key) +
                   "' stands twice: say it once"};
  return v;
}

using entry_reader = std::function<command(fields&)>;

result<std::vector<command>> read_entries(std::string_view body, std::initializer_list<std::string_view> known,
                                          const entry_reader& one) {
  const auto all = parsed(body);
  if (!all) return all.error();
  const json::object& root = all->get_object();
  std::vector<command> out;
  const auto take = [&](const json::object& o, const std::string& where) -> result<void> {
    fields f(o, known);
    command c = one(f);
    if (!f.bad.text.empty()) return problem{where + f.bad.text};
    out.push_back(std::move(c));
    return {};
  };
  const json::value* entries = root.if_contains("entries");
  if (entries == nullptr) {
    if (const auto done = take(root, ""); !done) return done.error();
    return result<std::vector<command>>(boost::system::in_place_value, std::move(out));
  }
  if (root.size() != 1 || !entries->is_array() || entries->get_array().empty() ||
      entries->get_array().size() > most_commands)
    return problem{"entries must stand alone and be a list of 1 to 2000 objects"};
  for (const json::value& e : entries->get_array()) {
    const std::string where = "entries[" + std::to_string(out.size()) + "]: ";
    if (!e.is_object()) return problem{where + "must be an object"};
    if (const auto done = take(e.get_object(), where); !done) return done.error();
  }
  return result<std::vector<command>>(boost::system::in_place_value, std::move(out));
}

void read_window(window_command& w, fields& f, const civil_zone& zone) {
  w.targets = f.targets();
  w.below = f.flag("below");
  w.from = f.instant("from", zone);
  w.to = f.instant("to", zone);
  w.text = f.text("text");
}

}  // namespace

result<std::vector<command>> read_window_requests(std::string_view body, const civil_zone& zone) {
  return read_entries(body, {"id", "target", "targets", "below", "from", "to", "text"}, [&](fields& f) -> command {
    window_command w;
    w.id = f.text("id");
    read_window(w, f, zone);
    if (std::string one = f.text("target"); !one.empty()) w.targets.push_back(std::move(one));
    if (w.targets.empty()) f.fail(wrong("targets", "is missing"));
    if (!w.from) f.fail(wrong("from", "is missing"));
    if (!w.to) f.fail(wrong("to", "is missing"));
    return w;
  });
}

result<std::vector<command>> read_window_step(std::string_view body, std::string_view id, const civil_zone& zone) {
  auto read = read_entries(body, {"step", "targets", "below", "from", "to", "text"}, [&](fields& f) -> command {
    window_command w;
    w.id = id;
    const std::string step = f.required("step");
    w.what = step == "approve"  ? window_command::act::approve
             : step == "revise" ? window_command::act::revise
                                : window_command::act::cancel;
    if (!step.empty() && step != "approve" && step != "revise" && step != "cancel")
      f.fail(wrong("step", "must be approve, revise or cancel"));
    read_window(w, f, zone);
    return w;
  });
  if (read && read->size() != 1) return problem{"one step at a time"};
  return read;
}

result<std::vector<command>> read_annotations(std::string_view body, const civil_zone& zone) {
  return read_entries(body, {"target", "about", "text"}, [&](fields& f) -> command {
    annotation_command a;
    a.target = f.required("target");
    a.about = f.instant("about", zone);
    a.text = f.required("text");
    return a;
  });
}

result<std::vector<command>> read_duties(std::string_view body, const civil_zone&) {
  return read_entries(body, {"day", "person", "text"}, [&](fields& f) -> command {
    return duty_command{.day = f.text("day"), .person = f.text("person"), .text = f.text("text")};
  });
}

result<std::vector<command>> read_closings(std::string_view body, const civil_zone&) {
  auto read = read_entries(body, {"period", "reason"}, [&](fields& f) -> command {
    return close_command{.period = f.required("period"), .reason = f.text("reason")};
  });
  if (read && read->size() != 1) return problem{"one period at a time"};
  return read;
}

result<std::vector<command>> read_counters(std::string_view body, const civil_zone& zone) {
  return read_entries(body, {"counter", "about", "value", "unit", "source"}, [&](fields& f) -> command {
    counter_command c;
    c.counter = f.required("counter");
    c.about = f.instant("about", zone);
    c.value = f.required("value");
    c.unit = f.text("unit");
    c.source = f.text("source");
    return c;
  });
}

result<std::vector<command>> read_verdicts(std::string_view body, const civil_zone&) {
  return read_entries(body, {"plan", "indicator", "verdict", "points", "text", "document", "sha256"},
                      [&](fields& f) -> command {
                        verdict_command v;
                        v.plan = f.required("plan");
                        v.indicator = f.required("indicator");
                        v.verdict = f.required("verdict");
                        v.points = f.text("points");
                        v.text = f.text("text");
                        v.document = f.text("document");
                        v.sha256 = f.text("sha256");
                        return v;
                      });
}

}  // namespace changtong::api
