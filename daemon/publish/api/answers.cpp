#include "daemon/publish/api/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace changtong::api {

web_response json_answer(std::string body) {
  web_response out;
  out.body = std::move(body);
  return out;
}

web_response bad_parameter(const problem& p) {
  return problem_answer(400, "bad_parameter", "参数无效：" + p.text, "bad parameter: " + p.text);
}

web_response no_ledger(const problem& p) {
  return problem_answer(503, "ledger_unreadable", "账本暂不可读：" + p.text, "the ledger cannot be read: " + p.text);
}

void add_instant(json_object& to, std::string_view key, wall_t at, const civil_zone& zone) {
  if (at <= wall_from_ms(0) || at >= wall_max) {
    to.add_null(key);
  } else {
    to.add(key, zone.format(at));
  }
}

void add_ratio(json_object& to, std::string_view key, std::optional<double> ratio) {
  if (ratio) {
    to.add(key, *ratio);  // null if it is not a number
  } else {
    to.add_null(key);
  }
}

std::string json_element(std::string_view array_of_one) {
  const std::size_t begin = array_of_one.find('[');
  const std::size_t end = array_of_one.rfind(']');
  const std::string_view inner =
      begin < end && end != std::string_view::npos ? array_of_one.substr(begin + 1, end - begin - 1) : "";
  return inner.find_first_not_of(" \n\r\t") == std::string_view::npos ? "null" : std::string(inner);
}

result<void> only_parameters(const web_request& r, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : r.query) {
    if (std::ranges::find(known, std::string_view(name)) == known.end()) return problem{"unknown parameter " + name};
    if (r.query.count(name) > 1) return problem{"parameter given twice: " + name};
  }
  return {};
}

result<std::size_t> number_parameter(const web_request& r, const std::string& name, std::size_t otherwise,
                                     std::size_t most) {
  if (!r.query.contains(name)) return otherwise;
  const std::string_view text = r.parameter(name);
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > most)
    return problem{name + " must be a number from 0 to " + std::to_string(most)};
  return value;
}

result<bool> flag_parameter(const web_request& r, const std::string& name) {
  if (!r.query.contains(name)) return false;
  const std::string_view text = r.parameter(name);
  if (text == "1" || text == "true") return true;
  if (text == "0" || text == "false") return false;
  return problem{name + " must be 1 or 0"};
}

result<period> period_parameters(const web_request& r, const civil_zone& zone, period otherwise) {
  period p = otherwise;
  for (const char* name : {"from", "to"}) {
    if (!r.query.contains(name)) continue;
    const auto parsed = zone.parse(r.parameter(name));
    if (!parsed) return problem{fmt::format("{0}: {1} / {0}: {2}", name, parsed.error().text, parsed.error().text_en)};
    if (std::string_view(name) == "from")
      p.from = parsed->from;
    else
      p.to = parsed->to;
  }
  if (p.empty()) return problem{"from must be before to"};
  if (p.length() > std::chrono::years(20)) return problem{"at most 20 years between from and to"};
  return p;
}

}  // namespace changtong::api
