#include "daemon/publish/api/routes.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "daemon/accounts/entrance.h"
#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"
#include "daemon/entries/target_names.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/people.h"

namespace changtong::api {
namespace {

/** A decimal number and nothing else. */
std::optional<std::size_t> number_in(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<bool> flag_in(std::string_view text) {
  if (text == "1" || text == "true") return true;
  if (text == "0" || text == "false") return false;
  return std::nullopt;
}

const parameter* find(const route& r, std::string_view name) {
  const auto at = std::ranges::find(r.parameters, name, &parameter::name);
  return at == r.parameters.end() ? nullptr : &*at;
}

problem unknown(const route& r, const std::string& name) {
  std::vector<std::string_view> known;
  for (const parameter& p : r.parameters) known.push_back(p.name);
  if (known.empty())
    return said(fmt::format("未知参数 {}，这里没有参数", name),
                fmt::format("unknown parameter {}; there are none here", name));
  return said(fmt::format("未知参数 {}，可用：{}", name, fmt::join(known, "、")),
              fmt::format("unknown parameter {}; known: {}", name, fmt::join(known, ", ")));
}

/** A limit that is no number, or a state that does not exist, must not answer as if nothing had been asked: an empty
 * list reads as "nothing is down". */
result<void> check(const parameter& p, std::string_view text) {
  const auto wrong = [&](const std::string& chinese, const std::string& english) {
    return said(fmt::format("{} 应为{}", p.name, chinese), fmt::format("{} must be {}", p.name, english));
  };
  switch (p.what) {
    case parameter::kind::text:
    case parameter::kind::target:
      break;
    case parameter::kind::flag:
      if (!flag_in(text)) return wrong(" 1 或 0", "1 or 0");
      break;
    case parameter::kind::number:
      if (const auto n = number_in(text); !n || *n > p.most)
        return wrong(fmt::format(" 0 至 {} 的整数", p.most), fmt::format("a number from 0 to {}", p.most));
      break;
    case parameter::kind::word:
      if (!text.empty() && std::ranges::find(p.words, text) == p.words.end())
        return wrong(fmt::format("其中之一：{}", fmt::join(p.words, "、")),
                     fmt::format("one of {}", fmt::join(p.words, ", ")));
      break;
  }
  return {};
}

result<void> check(const route& r, const web_request& request) {
  for (const auto& [name, text] : request.query) {
    const parameter* known = find(r, name);
    if (known == nullptr) return unknown(r, name);
    if (request.query.count(name) > 1)
      return said(fmt::format("参数 {} 给了两次", name), fmt::format("parameter given twice: {}", name));
    if (const auto fine = check(*known, text); !fine) return fine.error();
  }
  return {};
}

/** Whom `line` means, into the question; or why nobody can say: an empty list would read as "it has none". Only a word
 * that is no id of the board is asked of the ledger, which has to read all of its targets for it. */
std::optional<web_response> look_up(context& from, question& q) {
  const auto named = std::ranges::find(q.of.parameters, parameter::kind::target, &parameter::what);
  if (named == q.of.parameters.end()) return std::nullopt;
  q.line = q.request.parameter(std::string(named->name));
  if (q.line.empty()) return std::nullopt;
  if (const auto now = from.from.boards->get())
    if (const target* t = now->districts->find(q.line); t != nullptr && t->kind != target_kind::anchor)
      return std::nullopt;
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  auto id = entries::target_names(**reader, (*reader)->zone(), from.from.now()).known_as(q.line);
  if (!id)
    return problem_answer(id.error().why == refused::reason::unknown ? 404 : 409, id.error().code, id.error().text,
                          id.error().text_en);
  q.line = std::move(*id);
  return std::nullopt;
}

/** What stands in a POST's query was never looked at, but where its body is a file and says nothing else. */
web_response carried_out(const route& of, context& from, const question& q) {
  if (of.most_body > 0)
    if (const auto fine = check(of, q.request); !fine) return bad_parameter(fine.error());
  return of.function(from, q);
}

/** Of a refusal as problem_answer() writes it; empty where it is none. */
std::string_view code_in(std::string_view body) {
  constexpr std::string_view begin = R"({"error":{"code":")";
  if (!body.starts_with(begin)) return {};
  body.remove_prefix(begin.size());
  return body.substr(0, body.find('"'));
}

/** In the audit log. What stands in the address of what was not carried out is whatever somebody wrote: not all of it.
 */
void keep_who(context& from, const std::string& who, const web_request& request, const web_response& answer,
              const std::string& touched = {}) {
  constexpr std::size_t longest = 256;
  if (from.from.entrance == nullptr || who.empty()) return;
  std::string what(shortened(request.path, longest));
  if (!touched.empty()) what += ": " + touched;
  const bool no_right = answer.status == 401 || answer.status == 403;
  from.from.entrance->note_change(who, request.peer, what, answer.status, no_right ? "" : code_in(answer.body));
}

std::string id_in(const std::string& path, const route& of) {
  const std::size_t before = prefix_of(of).size(), after = ending_of(of).size();
  return path.substr(before, path.size() - before - after);
}

/** Carries it out, and keeps who did. */
web_response entered(const route& of, context& from, const web_request& request, question q) {
  permission who = permitted(from, request, of.needs_by_body != nullptr ? of.needs_by_body(from, q) : *of.needs);
  std::string touched;
  q.touched = &touched;
  q.who = {.name = std::move(who.name), .source = "api", .via = std::move(who.via)};
  web_response answer = who.refusal ? std::move(*who.refusal) : carried_out(of, from, q);
  if (!of.only_looks || answer.status == 403) keep_who(from, q.who.name, request, answer, touched);
  return answer;
}

web_response asked(const route& of, context& from, const web_request& request) {
  if (of.needs && of.method != "GET")
    return entered(of, from, request, {.of = of, .request = request, .id = id_in(request.path, of)});
  permission who = of.open ? permission{} : of.needs ? permitted(from, request, *of.needs) : may_read(from, request);
  if (who.refusal) {
    if (of.needs) keep_who(from, who.name, request, *who.refusal);
    return std::move(*who.refusal);
  }
  question q{.of = of, .request = request, .id = id_in(request.path, of)};
  if (!of.any_parameter)
    if (const auto fine = check(of, request); !fine) return bad_parameter(fine.error());
  if (auto nobody = look_up(from, q)) return std::move(*nobody);
  web_response answer = of.function(from, q);
  // What is not there is not read: its name is whatever somebody wrote.
  if (of.evidence && !who.name.empty() && answer.status == 200 && from.from.entrance != nullptr)
    from.from.entrance->note_read(who.name, request.peer, request.path);
  return answer;
}

}  // namespace

parameter flag(std::string_view name, std::string_view about) {
  return {.name = name, .about = about, .what = parameter::kind::flag};
}

parameter number(std::string_view name, std::size_t otherwise, std::size_t most) {
  return {.name = name, .what = parameter::kind::number, .otherwise = otherwise, .most = most};
}

parameter word(std::string_view name, std::string_view about, std::vector<std::string_view> words) {
  return {.name = name, .about = about, .what = parameter::kind::word, .words = std::move(words)};
}

parameter one_line() {
  return {.name = "line",
          .about = "编号、名称、电路编号或地址 / id, name, circuit or address",
          .what = parameter::kind::target};
}

std::string_view question::text(std::string_view name) const { return request.parameter(std::string(name)); }

std::size_t question::number(std::string_view name) const {
  const parameter* known = find(of, name);
  if (known == nullptr) throw std::logic_error(fmt::format("{} has no parameter {}", of.path, name));
  const std::string_view given = text(name);
  if (known->what == parameter::kind::flag) return flag_in(given).value_or(false) ? 1 : 0;
  return number_in(given).value_or(known->otherwise);
}

const std::vector<route>& all_routes() {
  static const std::vector<route> all = [] {
    std::vector<route> out;
    for (auto topic :
         {summary_routes, line_routes, recent_routes, map_routes, book_routes, difference_routes, outage_routes,
          evaluation_routes, entry_routes, alert_routes, list_routes, account_routes, inventory_routes, user_routes,
          system_routes, report_routes, event_routes, health_routes, document_routes})
      std::ranges::move(topic(), std::back_inserter(out));
    return out;
  }();
  return all;
}

web_response answered(const route& of, context& from, const web_request& request) {
  try {
    return asked(of, from, request);
  } catch (const std::runtime_error& e) {
    log::warn("api: {}: {}", request.path, e.what());
    return no_ledger(said(words_of(e)));
  }
}

std::string_view prefix_of(const route& r) { return r.path.substr(0, r.path.find('{')); }

std::string_view ending_of(const route& r) {
  const std::size_t end = r.path.find('}');
  return end == std::string_view::npos ? std::string_view{} : r.path.substr(end + 1);
}

}  // namespace changtong::api
