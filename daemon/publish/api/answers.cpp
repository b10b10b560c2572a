#include "daemon/publish/api/answers.h"

#include <boost/json.hpp>

#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"

namespace changtong::api {

web_response json_answer(std::string body) {
  web_response out;
  out.body = std::move(body);
  return out;
}

web_response bad_parameter(const problem& p) {
  const phrase why = words_of(p);
  return problem_answer(400, "bad_parameter", "参数无效：" + why.cn, "bad parameter: " + why.en);
}

web_response no_ledger(const problem& p) {
  const phrase why = words_of(p);
  return problem_answer(503, "ledger_unreadable", "账本暂不可读：" + why.cn, "the ledger cannot be read: " + why.en);
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

std::string joined_objects(std::string first, std::string_view second) {
  if (second.find_first_not_of("{} ") == std::string_view::npos) return first;
  if (first == "{}") return std::string(second);
  first.back() = ',';
  return first += second.substr(1);
}

std::string json_element(std::string_view array_of_one) {
  const std::size_t begin = array_of_one.find('[');
  const std::size_t end = array_of_one.rfind(']');
  const std::string_view inner =
      begin < end && end != std::string_view::npos ? array_of_one.substr(begin + 1, end - begin - 1) : "";
  return inner.find_first_not_of(" \n\r\t") == std::string_view::npos ? "null" : std::string(inner);
}

result<period> period_parameters(const web_request& r, const civil_zone& zone, period otherwise) {
  period p = otherwise;
  for (const char* name : {"from", "to"}) {
    if (!r.query.contains(name)) continue;
    const auto parsed = zone.parse(r.parameter(name));
    if (!parsed) return about(name, parsed.error());
    if (std::string_view(name) == "from")
      p.from = parsed->from;
    else
      p.to = parsed->to;
  }
  if (p.empty()) return said("from 应早于 to", "from must be before to");
  const bool bounded = p.from > wall_min && p.to < wall_max;
  if (bounded && p.length() > std::chrono::years(20))
    return said("from 与 to 之间至多 20 年", "at most 20 years between from and to");
  return p;
}

std::optional<web_response> unwanted(std::string_view body) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = body.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return std::nullopt;
  boost::system::error_code failed;
  const auto all = boost::json::parse(body, failed);
  if (failed || !all.is_object())
    return problem_answer(400, "bad_body", "内容无法读取：这里的请求体应为空或 {}",
                          "the body cannot be read: it must be empty or {} here");
  if (all.get_object().empty()) return std::nullopt;
  const std::string key = std::string(shortened(all.get_object().begin()->key(), 64));
  return problem_answer(400, "bad_body", "内容无法读取：未知的键 " + key + "，这里的请求体应为空或 {}",
                        "the body cannot be read: unknown key " + key + ", it must be empty or {} here");
}

}  // namespace changtong::api
