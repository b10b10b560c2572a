#include "daemon/plans/access_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>

#include "daemon/core/ascii.h"
#include "daemon/core/stable_hash.h"

namespace changtong::plans {
namespace {

constexpr std::int64_t visit_gap_ms = 30 * 60 * 1000;

bool contains_lower(std::string_view text, std::string_view word) {
  return std::ranges::search(text, word, {}, ascii::small).begin() != text.end();
}

std::optional<int> whole(std::string_view digits) {
  int n = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
  if (failed != std::errc{} || end != digits.data() + digits.size() || digits.empty() || n < 0) return std::nullopt;
  return n;
}

std::optional<wall_t> instant_of(int y, int mo, int d, int h, int mi, int s, int offset_minutes) {
  using namespace std::chrono;
  const year_month_day ymd{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
  if (!ymd.ok() || h > 23 || mi > 59 || s > 60) return std::nullopt;
  return wall_t{sys_days{ymd}.time_since_epoch() + hours{h} + minutes{mi} + seconds{s} - minutes{offset_minutes}};
}

int month_named(std::string_view name) {
  constexpr std::array<std::string_view, 12> names{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (std::ranges::equal(name, names[i], {}, ascii::small)) return static_cast<int>(i) + 1;
  return 0;
}

/** 10/Oct/2026:13:55:36 +0800 */
std::optional<wall_t> bracketed_time(std::string_view t) {
  if (t.size() != 26 || t[2] != '/' || t[6] != '/' || t[11] != ':' || t[14] != ':' || t[17] != ':' || t[20] != ' ')
    return std::nullopt;
  const auto d = whole(t.substr(0, 2)), y = whole(t.substr(7, 4)), h = whole(t.substr(12, 2)),
             mi = whole(t.substr(15, 2)), s = whole(t.substr(18, 2)), oh = whole(t.substr(22, 2)),
             om = whole(t.substr(24, 2));
  const int mo = month_named(t.substr(3, 3));
  if (!d || !y || !h || !mi || !s || !oh || !om || mo == 0 || (t[21] != '+' && t[21] != '-')) return std::nullopt;
  const int offset = *oh * 60 + *om;
  return instant_of(*y, mo, *d, *h, *mi, *s, t[21] == '-' ? -offset : offset);
}

/** Takes `"…"` off the front, without its quotes; a backslash protects the next byte. */
std::optional<std::string_view> quoted(std::string_view& rest) {
  if (!rest.starts_with('"')) return std::nullopt;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '\\') {
      ++i;
    } else if (rest[i] == '"') {
      const auto inside = rest.substr(1, i - 1);
      rest.remove_prefix(i + 1);
      return inside;
    }
  }
  return std::nullopt;
}

std::string_view word(std::string_view& rest) {
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  const auto end = std::min(rest.find(' '), rest.size());
  const auto w = rest.substr(0, end);
  rest.remove_prefix(end);
  return w;
}

std::string_view without_query(std::string_view target) { return target.substr(0, target.find_first_of("?#")); }

std::uint64_t key_of(const access& a) {
  constexpr std::string_view end = "\xff";  // in no text
  return stable_hash(end, stable_hash(a.agent, stable_hash(end, stable_hash(a.address))));
}

std::string iso(std::int64_t ms) {
  using namespace std::chrono;
  const auto at = sys_time<milliseconds>{milliseconds{ms}};
  const auto day = floor<days>(at);
  const year_month_day ymd{day};
  const hh_mm_ss clock{floor<seconds>(at - day)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(ymd.year()),
                     static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

}  // namespace

bool read_combined(std::string_view line, access& a, bool& has_agent) {
  std::string_view rest = line;
  a.address = word(rest);
  const auto open = rest.find(" [");
  if (a.address.empty() || open == std::string_view::npos) return false;
  const auto close = rest.find(']', open);
  if (close == std::string_view::npos) return false;
  const auto at = bracketed_time(rest.substr(open + 2, close - open - 2));
  rest.remove_prefix(close + 1);
  if (!at || !rest.starts_with(' ')) return false;
  a.at = *at;
  rest.remove_prefix(1);
  auto request = quoted(rest);
  if (!request) return false;
  a.method = word(*request);
  a.path = without_query(word(*request));
  const auto status = whole(word(rest));
  if (!status || a.path.empty()) return false;
  a.status = *status;
  word(rest);  // bytes
  const auto blank = [&] {
    while (rest.starts_with(' ')) rest.remove_prefix(1);
  };
  blank();
  has_agent = quoted(rest).has_value();
  blank();
  const auto agent = has_agent ? quoted(rest) : std::nullopt;
  has_agent = agent.has_value();
  a.agent = agent.value_or(std::string_view{});
  return true;
}

bool read_w3c(std::string_view line, std::string_view columns, access& a, bool& has_agent) {
  std::string_view day, time, status;
  a = {};
  has_agent = false;
  for (std::string_view names = columns, values = line;;) {
    const auto name = word(names), value = word(values);
    if (name.empty() != value.empty()) return false;
    if (name.empty()) break;
    if (name == "date") day = value;
    if (name == "time") time = value;
    if (name == "c-ip") a.address = value;
    if (name == "cs-method") a.method = value;
    if (name == "cs-uri-stem") a.path = without_query(value);
    if (name == "sc-status") status = value;
    if (name == "cs(User-Agent)") {
      a.agent = value;
      has_agent = true;
    }
  }
  if (day.size() != 10 || time.size() < 8 || a.address.empty() || a.method.empty() || a.path.empty()) return false;
  const auto y = whole(day.substr(0, 4)), mo = whole(day.substr(5, 2)), d = whole(day.substr(8, 2)),
             h = whole(time.substr(0, 2)), mi = whole(time.substr(3, 2)), s = whole(time.substr(6, 2)),
             code = whole(status);
  if (!y || !mo || !d || !h || !mi || !s || !code) return false;
  const auto at = instant_of(*y, *mo, *d, *h, *mi, *s, 0);
  if (!at) return false;
  a.at = *at;
  a.status = *code;
  return true;
}

bool is_page(std::string_view path) {
  const auto name = path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1);
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return true;
  constexpr std::array<std::string_view, 10> pages{"html", "htm", "shtml", "php", "asp",
                                                   "aspx", "jsp", "jspx",  "do",  "action"};
  const auto extension = name.substr(dot + 1);
  return std::ranges::any_of(pages,
                             [&](std::string_view p) { return std::ranges::equal(extension, p, {}, ascii::small); });
}

bool is_robot_agent(std::string_view agent) {
  if (agent.empty() || agent == "-") return true;
  constexpr std::array<std::string_view, 12> words{"bot",    "spider", "crawl",   "slurp",  "curl",    "wget",
                                                   "python", "java/",  "go-http", "scrapy", "monitor", "probe"};
  return std::ranges::any_of(words, [&](std::string_view w) { return contains_lower(agent, w); });
}

void access_tally::directive(std::string_view line) {
  constexpr std::string_view fields = "#Fields:";
  if (line.starts_with(fields)) columns_ = line.substr(fields.size(), 4096);
}

void access_tally::add(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.empty()) return;
  if (line.starts_with('#')) return directive(line);
  ++counts_.lines;
  access a;
  bool has_agent = false;
  const bool good = line.size() <= most_log_line &&
                    (columns_.empty() ? read_combined(line, a, has_agent) : read_w3c(line, columns_, a, has_agent));
  if (!good) {
    ++counts_.unreadable;
    return;
  }
  if (has_agent && is_robot_agent(a.agent)) {
    ++counts_.robots;
    return;
  }
  count(a);
}

void access_tally::count(const access& a) {
  const std::uint64_t key = key_of(a);
  const auto known = visitors_.find(key);
  const bool robot = a.path == "/robots.txt" || (known != visitors_.end() && known->second.robot);
  if (robot) {
    visitor& v = known == visitors_.end() ? visitors_[key] : known->second;
    counts_.robots += 1 + v.views;
    v = {.robot = true};
    return;
  }
  if (!period_.holds(a.at)) {
    ++counts_.outside_period;
    return;
  }
  std::int64_t* refused = a.method != "GET"                    ? &counts_.other_method
                          : a.status != 200 && a.status != 304 ? &counts_.other_status
                          : !is_page(a.path)                   ? &counts_.no_page
                                                               : nullptr;
  if (refused != nullptr) {
    ++*refused;
    return;
  }
  if (visitors_.size() >= most_visitors && known == visitors_.end()) {  // the finished ones are final from here on
    for (const auto& [k, v] : visitors_) {
      counts_.views += v.views;
      counts_.visits += v.visits;
    }
    visitors_.clear();
  }
  const std::int64_t at = ms_of(a.at);
  visitor& v = visitors_[key];
  if (v.views == 0 || at - v.last > visit_gap_ms || v.last - at > visit_gap_ms) ++v.visits;
  ++v.views;
  v.last = at;
  first_ = first_ == 0 ? at : std::min(first_, at);
  last_ = std::max(last_, at);
}

access_counts access_tally::counts() const {
  access_counts c = counts_;
  for (const auto& [key, v] : visitors_) {
    c.views += v.views;
    c.visits += v.visits;
  }
  if (first_ != 0) {
    c.first = iso(first_);
    c.last = iso(last_);
  }
  return c;
}

}  // namespace changtong::plans
