#include "daemon/replay/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>

#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"
#include "daemon/core/window_state.h"

namespace changtong::replay {
namespace {

namespace json = boost::json;

constexpr double most_step_s = 10.0 * 366 * 86'400;
constexpr double most_every_s = 366.0 * 86'400;
constexpr double most_rtt_ms = 3'600'000;

/** Thrown inside this file only: a line has dozens of ways to be wrong, and each ends its reading. */
struct wrong {
  phrase why;
};
[[noreturn]] void refuse(phrase why) { throw wrong{std::move(why)}; }

/** At most 64 bytes of what somebody wrote, for a message. */
std::string shown(std::string_view text) {
  std::string out = "'";
  for (const char c : shortened(text, 64)) out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  return out + (text.size() > 64 ? "…'" : "'");
}

/** An object whose keys must all be known. */
class fields {
 public:
  fields(const json::object& o, std::string_view what, std::initializer_list<std::string_view> known)
      : o_(o), what_(what) {
    for (const auto& pair : o)
      if (std::ranges::find(known, std::string_view(pair.key())) == known.end())
        refuse(both("{} 中有未知的键 {}，可用 {}", "{} has an unknown key {}: use {}", what, shown(pair.key()),
                    listed(known)));
  }

  [[nodiscard]] const json::value* find(std::string_view key) const { return o_.if_contains(key); }
  [[nodiscard]] const json::value& need(std::string_view key) const {
    const json::value* v = find(key);
    if (v == nullptr) refuse(both("{} 缺少 {}", "{} needs the key '{}'", what_, key));
    return *v;
  }
  [[nodiscard]] std::string text(std::string_view key, std::size_t most = 256) const {
    const json::value& v = need(key);
    if (!v.is_string() || v.get_string().size() > most)
      refuse(both("{} 应为文字，最多 {} 字节", "{} must be text of at most {} bytes", key, most));
    return std::string(v.get_string());
  }
  [[nodiscard]] double number(std::string_view key, double low, double high) const {
    const json::value& v = need(key);
    const double n = v.is_number() ? v.to_number<double>() : std::nan("");
    if (!(n >= low && n <= high))
      refuse(both("{} 应为 {} 至 {} 之间的数", "{} must be a number from {} to {}", key, low, high));
    return n;
  }
  /** A number of seconds as whole milliseconds, rounded down; what a double cannot say exactly is taken as it was
   * meant.
   */
  [[nodiscard]] milliseconds seconds(std::string_view key, double low, double high) const {
    const double ms = number(key, low, high) * 1000;
    const double near = std::round(ms);
    return milliseconds{static_cast<std::int64_t>(
        std::abs(ms - near) < 1e-6 * std::max(1.0, std::abs(ms)) && std::abs(ms - near) < 1e-4 ? near
                                                                                               : std::floor(ms))};
  }
  [[nodiscard]] wall_t instant(std::string_view key, const civil_zone& zone) const {
    const std::string written = text(key, 64);
    const auto at = written.size() < 10 ? result<period>(problem{}) : zone.parse(written);
    if (!at)
      refuse(both("{} {} 不是时刻，请写 2026-03-14T08:00:00+08:00 或 2026-03-14",
                  "{} {} is no instant: write 2026-03-14T08:00:00+08:00 or 2026-03-14", key, shown(written)));
    return at->from;
  }

 private:
  const json::object& o_;
  std::string_view what_;
};

const json::object& object_in(const json::value& v, std::string_view key) {
  if (!v.is_object()) refuse(both("{} 应为对象", "{} must be an object in braces", key));
  return v.get_object();
}

trace_monitor read_monitor(const json::object& o, const civil_zone& zone) {
  const fields f(o, "monitor", {"at", "monitor"});
  const std::string word = f.text("monitor");
  trace_monitor m{.at = f.instant("at", zone)};
  if (word == "start")
    m.what = monitor_act::start;
  else if (word == "stop")
    m.what = monitor_act::stop;
  else if (word == "crash")
    m.what = monitor_act::crash;
  else
    refuse(both("monitor {} 未知，请用 start、stop 或 crash", "monitor {} is no word: use start, stop or crash",
                shown(word)));
  return m;
}

cause read_cause(const fields& f, outcome what) {
  const auto standard = what == outcome::bad            ? cause::timeout
                        : what == outcome::not_measured ? cause::own_failure
                                                        : cause::none;
  if (f.find("cause") == nullptr) return standard;
  const std::string word = f.text("cause");
  const auto why = cause_named(word);
  if (!why)
    refuse(both("原因 {} 未知，请用原因清单中的名称，如 timeout",
                "unknown cause {}: use a name of the list of causes, such as timeout", shown(word)));
  const bool fits = what == outcome::good  ? *why == cause::none
                    : what == outcome::bad ? *why != cause::none && class_of(*why) == cause_class::bad
                                           : class_of(*why) == cause_class::own;
  if (!fits)
    refuse(both("原因 {} 与结果 {} 不符：bad 是线路一侧的，not_measured 是本机的",
                "the cause {} does not go with the outcome {}: bad is the line's side, not_measured ours", word,
                name_of(what)));
  return *why;
}

trace_answer read_answer(const fields& f) {
  trace_answer a{.target = f.text("target", 64), .check = f.text("check", 64)};
  const std::string word = f.text("outcome");
  const auto all = {outcome::good, outcome::bad, outcome::not_measured};
  const auto* it = std::ranges::find(all, word, [](outcome o) { return name_of(o); });
  if (it == all.end())
    refuse(both("outcome {} 未知，请用 good、bad 或 not_measured", "unknown outcome {}: use good, bad or not_measured",
                shown(word)));
  a.what = *it;
  a.why = read_cause(f, a.what);
  if (const json::value* rtt = f.find("rtt_ms"); rtt != nullptr && !rtt->is_null()) {
    const double ms = f.number("rtt_ms", 0, most_rtt_ms);
    if (a.what == outcome::good) a.rtt = nanoseconds{std::llround(ms * 1e6)};
  }
  if (const json::value* took = f.find("took_ms"); took != nullptr && !took->is_null()) {
    const double ms = f.number("took_ms", 0, most_rtt_ms);
    if (a.what == outcome::bad) a.took = milliseconds{static_cast<std::int64_t>(ms)};
  }
  return a;
}

trace_single read_single(const json::object& o, const civil_zone& zone) {
  const fields f(o, "sample", {"at", "target", "check", "outcome", "rtt_ms", "took_ms", "cause"});
  trace_single s{.at = f.instant("at", zone), .seen = read_answer(f)};
  if (s.seen.target == "*")
    refuse(
        {"单个样本须写明线路：'*' 只与 every_s 同用", "a single sample needs one target: '*' goes with every_s only"});
  return s;
}

trace_range read_range(const json::object& o, const civil_zone& zone) {
  const fields f(o, "range", {"from", "to", "every_s", "target", "check", "outcome", "rtt_ms", "took_ms", "cause"});
  trace_range r{.from = f.instant("from", zone),
                .to = f.instant("to", zone),
                .every = f.seconds("every_s", 0.001, most_every_s),
                .seen = read_answer(f)};
  if (r.to < r.from) refuse({"to 早于 from", "the range ends before it begins: exchange from and to"});
  return r;
}

trace_step read_step(const json::object& o, const civil_zone& zone) {
  const fields f(o, "clock step", {"at", "clock_step_s"});
  const trace_step s{.at = f.instant("at", zone), .by = f.seconds("clock_step_s", -most_step_s, most_step_s)};
  if (s.by == milliseconds{0}) refuse({"时钟跳变为 0，请删去此行", "a step of 0 s is none: remove the line"});
  return s;
}

std::vector<std::string> read_targets(const fields& f) {
  const json::value* list = f.find("targets");
  if (list == nullptr) list = f.find("target");
  if (list == nullptr) return {};
  if (list->is_string()) return {std::string(list->get_string())};
  if (!list->is_array() || list->get_array().empty() ||
      !std::ranges::all_of(list->get_array(), [](const json::value& v) { return v.is_string(); }))
    refuse({"target 应为编号或编号的列表", "target must be an id or a list of ids"});
  std::vector<std::string> ids;
  for (const json::value& v : list->get_array()) ids.emplace_back(v.get_string());
  return ids;
}

trace_window read_window(const json::object& o, const civil_zone& zone) {
  const fields line(o, "window", {"at", "window"});
  const fields f(object_in(line.need("window"), "window"), "window",
                 {"id", "target", "targets", "from", "to", "state", "by", "text"});
  trace_window w;
  w.at = line.instant("at", zone);
  w.id = f.text("id", 64);
  w.targets = read_targets(f);
  const std::string state = f.text("state");
  const auto known = window_state_named(state);
  if (!known)
    refuse(both("计划停机状态 {} 未知，可用 {}", "unknown state of a window {}: use {}", shown(state),
                window_state_names()));
  w.state = *known;
  if (w.id.empty()) refuse({"计划停机缺少编号", "a window needs an id that is not empty"});
  if (f.find("from") != nullptr) w.from = f.instant("from", zone);
  if (f.find("to") != nullptr) w.to = f.instant("to", zone);
  if (f.find("by") != nullptr) w.by = f.text("by");
  if (f.find("text") != nullptr) w.text = f.text("text", 4096);
  return w;
}

trace_inventory read_inventory(const json::object& o, const civil_zone& zone) {
  const fields line(o, "inventory", {"at", "inventory"});
  trace_inventory made{.at = line.instant("at", zone), .cells = {}};
  for (const auto& [key, value] : object_in(line.need("inventory"), "inventory")) {
    std::string text;
    if (value.is_string())
      text = value.get_string();
    else if (value.is_number())
      text = json::serialize(value);
    else if (!value.is_null())
      refuse(both("{} 应为文字或数", "{} must be text or a number", shown(key)));
    if (value.is_double()) text = fmt::format("{:.6f}", value.get_double());
    made.cells.emplace_back(key, std::move(text));
  }
  return made;
}

trace_scope read_scope(const json::object& o, const civil_zone& zone) {
  const fields line(o, "scope", {"at", "scope"});
  const fields f(object_in(line.need("scope"), "scope"), "scope", {"target", "accepted", "closed"});
  const auto edge = [&](std::string_view key) -> std::optional<std::string> {
    const json::value* v = f.find(key);
    if (v == nullptr) return std::nullopt;
    return v->is_null() ? std::string{} : f.text(key, 64);
  };
  return {.at = line.instant("at", zone),
          .target = f.text("target", 64),
          .accepted = edge("accepted"),
          .closed = edge("closed")};
}

trace_event read_object(const json::object& o, const civil_zone& zone) {
  if (o.contains("monitor")) return read_monitor(o, zone);
  if (o.contains("clock_step_s")) return read_step(o, zone);
  if (o.contains("window")) return read_window(o, zone);
  if (o.contains("inventory")) return read_inventory(o, zone);
  if (o.contains("scope")) return read_scope(o, zone);
  if (o.contains("every_s")) return read_range(o, zone);
  if (o.contains("outcome")) return read_single(o, zone);
  refuse({"这一行不是任何一种记录：monitor、单个样本、区间、clock_step_s、window、inventory、scope",
          "this line is none of monitor, sample, range, clock_step_s, window, inventory, scope"});
}

}  // namespace

wall_t label_of(const trace_event& e) {
  return std::visit(
      []<class T>(const T& what) {
        if constexpr (std::is_same_v<T, trace_range>)
          return what.from;
        else
          return what.at;
      },
      e);
}

result<trace_event> read_trace_line(std::string_view line, const civil_zone& zone) {
  if (line.size() > most_line_bytes) return said({"这一行超过 64 kB", "the line is longer than 64 kB: split it"});
  std::array<unsigned char, 4096> scratch;  // most lines fit, and need no allocation
  json::monotonic_resource memory(scratch.data(), scratch.size());
  boost::system::error_code failed;
  const json::value v = json::parse(line, failed, &memory);
  if (failed) return said(both("这一行不是 JSON：{}", "the line is not JSON: {}", failed.message()));
  if (!v.is_object())
    return said({"这一行不是 JSON 对象，应形如 {\"at\":…}", "the line is no JSON object: write {\"at\":…}"});
  try {
    return read_object(v.get_object(), zone);
  } catch (const wrong& w) {
    return said(w.why);
  }
}

}  // namespace changtong::replay
