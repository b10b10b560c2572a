#include "daemon/entries/command_json.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>

#include "daemon/core/command.h"
#include "daemon/core/field_words.h"
#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"

namespace changtong::api {
namespace {

namespace json = boost::json;

constexpr std::size_t most_bytes = 1024 * 1024;
constexpr std::size_t most_value = 8192;  // bytes of one text; the books are stricter
constexpr std::size_t most_targets = 20'000;

problem wrong(const phrase& name, const phrase& what) { return said(both("{}：{}", "{}: {}", name, what)); }

/** What people call a key, as the forms and lists do; in English it is the key, for programs. */
template <class C>
phrase called(std::string_view key) {
  const field_words known = words_of<C>(key);
  return known.chinese.empty() ? as_written(key) : phrase{std::string(known.chinese), std::string(key)};
}
using naming = phrase (*)(std::string_view key);

std::string shown(std::string_view key) {
  std::string out(shortened(key, 40));
  std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
  return out;
}

/** One entry, read key by key; the first mistake is kept. */
class fields {
 public:
  fields(const json::object& o, const std::vector<std::string_view>& known, const civil_zone& zone, naming called)
      : object_(o), zone_(zone), called_(called) {
    for (const auto& [key, value] : o)
      if (std::ranges::find(known, std::string_view(key)) == known.end())
        fail(said(both("不认识的键 '{0}'", "unknown key '{0}'", shown(key))));
  }

  std::string text(std::string_view key) {
    const json::value* v = object_.if_contains(key);
    if (v == nullptr) return {};
    if (!is_short_text(*v)) {
      wrong(key, {"须为不超过 8192 字节的文本", "must be text of at most 8192 bytes"});
      return {};
    }
    return std::string(v->get_string());
  }

  // How a type of field is read.
  void take(std::string_view key, std::string& into) { into = text(key); }
  void take(std::string_view key, std::optional<wall_t>& into) {
    const std::string written = text(key);
    if (written.empty()) return;
    const auto at = zone_.parse_instant(written);
    if (!at) return wrong(key, words_of(at.error()));
    into = *at;
  }
  void take(std::string_view key, std::vector<std::string>& into) {
    const json::value* v = object_.if_contains(key);
    if (v == nullptr) return;
    if (!v->is_array() || v->get_array().size() > most_targets || !std::ranges::all_of(v->get_array(), is_short_text))
      return wrong(key, {"须为至多 20000 个编号的列表", "must be a list of at most 20000 ids"});
    for (const json::value& one : v->get_array()) into.emplace_back(one.get_string());
  }
  void take(std::string_view key, bool& into) {
    const json::value* v = object_.if_contains(key);
    if (v == nullptr) return;
    if (!v->is_bool()) return wrong(key, {"须为 true 或 false", "must be true or false"});
    into = v->get_bool();
  }

  /** What is wrong with a key; whoever knows which of several entries it is of names that. */
  void wrong(std::string_view key, const phrase& what) { fail(api::wrong(called_(key), what)); }
  void missing(std::string_view key) { wrong(key, {"没有写", "is missing"}); }
  void fail(problem p) {
    if (!bad) bad = std::move(p);
  }
  std::optional<problem> bad;

 private:
  static bool is_short_text(const json::value& v) { return v.is_string() && v.get_string().size() <= most_value; }

  const json::object& object_;
  const civil_zone& zone_;
  naming called_;
};

/** As its table says. */
template <class C>
C read(fields& from) {
  C what;
  each_field<C>([&](const auto& f) {
    from.take(f.name, f.of(what));
    if (f.stands == presence::always && !says_something(f.of(what))) from.missing(f.name);
  });
  return what;
}

template <class C>
std::vector<std::string_view> keys_of(std::initializer_list<std::string_view> more = {}) {
  std::vector<std::string_view> all = more;
  each_field<C>([&](const auto& f) { all.push_back(f.name); });
  return all;
}

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

/** The library speaks English alone. */
phrase fault_of(boost::system::error_code why) {
  using json::error;
  if (why == error::incomplete) return {"内容不完整", "it is incomplete"};
  if (why == error::extra_data) return {"结尾之后还有内容", "there is more behind its end"};
  if (why == error::too_deep) return {"嵌套太深", "it is nested too deeply"};
  if (why == error::illegal_leading_surrogate || why == error::illegal_trailing_surrogate ||
      why == error::expected_hex_digit || why == error::expected_utf16_escape)
    return {"\\u 后面应为四位十六进制数，且成对", "\\u needs four hexadecimal digits, and surrogates come in pairs"};
  if (why == error::exponent_overflow) return {"数字过大", "a number is too large"};
  return {"语法错误", "a syntax error"};
}

result<json::value> parsed(std::string_view body) {
  if (body.size() > most_bytes) return said({"超过 1 MiB", "the body is larger than 1 MiB"});
  json::parse_options options;
  options.max_depth = 6;
  boost::system::error_code failed;
  json::parser reading({}, options);
  const std::size_t good = reading.write(body, failed);
  if (failed)
    return said(
        both("不是 JSON：第 {1} 字节处{0}", "the body is not JSON: {0} at byte {1}", fault_of(failed), good + 1));
  json::value v = reading.release();
  if (!v.is_object()) return said({"须为 JSON 对象", "the body must be an object"});
  if (const auto key = repeated_key(body))
    return said(both("键 '{0}' 出现两次，请只写一次", "key '{0}' stands twice: say it once", shown(*key)));
  return v;
}

using entry_reader = std::function<command(fields&)>;

result<std::vector<command>> read_entries(std::string_view body, const civil_zone& zone,
                                          const std::vector<std::string_view>& known, naming called,
                                          const entry_reader& one) {
  const auto all = parsed(body);
  if (!all) return all.error();
  const json::object& root = all->get_object();
  std::vector<command> out;
  const auto take = [&](const json::object& o) -> result<void> {
    fields f(o, known, zone, called);
    command c = one(f);
    if (f.bad) return *f.bad;
    out.push_back(std::move(c));
    return {};
  };
  const json::value* entries = root.if_contains("entries");
  if (entries == nullptr) {
    if (const auto done = take(root); !done) return done.error();
    return result<std::vector<command>>(boost::system::in_place_value, std::move(out));
  }
  if (root.size() != 1 || !entries->is_array() || entries->get_array().empty() ||
      entries->get_array().size() > most_commands)
    return said({"entries 须单独出现，为 1 至 2000 个对象的列表",
                 "entries must stand alone and be a list of 1 to 2000 objects"});
  for (const json::value& e : entries->get_array()) {
    const std::string which = "entries[" + std::to_string(out.size()) + "]";
    if (!e.is_object()) return wrong(as_written(which), {"须为 JSON 对象", "must be an object"});
    if (const auto done = take(e.get_object()); !done) return about(which, done.error());
  }
  return result<std::vector<command>>(boost::system::in_place_value, std::move(out));
}

result<std::vector<command>> read_kind(const window_command& /*kind*/, std::string_view body, const civil_zone& zone) {
  return read_entries(body, zone, keys_of<window_command>({"id", "target"}), called<window_command>,
                      [](fields& f) -> command {
                        const std::string id = f.text("id");
                        auto w = read<window_command>(f);
                        w.id = id;
                        if (std::string one = f.text("target"); !one.empty()) w.targets.push_back(std::move(one));
                        if (w.targets.empty()) f.missing("targets");
                        if (!w.from) f.missing("from");
                        if (!w.to) f.missing("to");
                        return w;
                      });
}

template <class C>
result<std::vector<command>> read_kind(const C& /*kind*/, std::string_view body, const civil_zone& zone) {
  auto all = read_entries(body, zone, keys_of<C>(), called<C>, [](fields& f) -> command { return read<C>(f); });
  if (std::is_same_v<C, close_command> && all && all->size() != 1)
    return said({"一次只能结一个期间", "one period at a time"});
  return all;
}

// How a type of field is written.
void put(json_object& o, std::string_view key, const std::string& text, const civil_zone& /*zone*/) {
  o.add(key, text);
}
void put(json_object& o, std::string_view key, bool yes, const civil_zone& /*zone*/) { o.add_bool(key, yes); }
void put(json_object& o, std::string_view key, const std::optional<wall_t>& at, const civil_zone& zone) {
  o.add(key, zone.format(*at));
}
void put(json_object& o, std::string_view key, const std::vector<std::string>& list, const civil_zone& /*zone*/) {
  o.add_raw(key, json_list(list));
}

constexpr std::array<std::string_view, 4> steps{"request", "approve", "revise", "cancel"};  // in the order of act

}  // namespace

result<std::vector<command>> read_commands(const command& kind, std::string_view body, const civil_zone& zone) {
  return std::visit([&](const auto& one) { return read_kind(one, body, zone); }, kind);
}

result<std::vector<command>> read_window_step(std::string_view body, std::string_view id, const civil_zone& zone) {
  auto all =
      read_entries(body, zone, keys_of<window_command>({"step"}), called<window_command>, [&](fields& f) -> command {
        const std::string step = f.text("step");
        if (step.empty()) f.missing("step");
        const auto what = std::find(steps.begin() + 1, steps.end(), step);
        if (what == steps.end())
          f.wrong("step", {"只能是 approve、revise 或 cancel", "must be approve, revise or cancel"});
        auto w = read<window_command>(f);
        w.id = id;
        w.what = static_cast<window_command::act>(what - steps.begin());
        return w;
      });
  if (all && all->size() != 1) return said({"一次只能办一步", "one step at a time"});
  return all;
}

std::string json_of(const command& what, const civil_zone& zone) {
  json_object o;
  if (const auto* w = std::get_if<window_command>(&what)) {
    const bool request = w->what == window_command::act::request;
    if (!request) o.add("step", steps.at(static_cast<std::size_t>(w->what)));
    if (request && !w->id.empty()) o.add("id", w->id);
  }
  std::visit(
      [&]<class C>(const C& one) {
        each_field<C>([&](const auto& f) {
          if (f.stands == presence::always || says_something(f.of(one))) put(o, f.name, f.of(one), zone);
        });
      },
      what);
  return o.text();
}

}  // namespace changtong::api
