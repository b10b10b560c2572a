#include "daemon/cli/api_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <unordered_set>
#include <utility>

#include "daemon/cli/ending.h"
#include "daemon/core/declaration.h"
#include "daemon/core/phrase.h"
#include "daemon/core/plain_text.h"
#include "daemon/core/utf8.h"

namespace changtong {
namespace {

/** A text of the answer as a terminal may have it: what nobody sees, or what moves the cursor, is a `?`. `feed`: what
 * stands for the end of a line. */
std::string shown(std::string_view text, std::string_view feed = " ") {
  std::string out;
  while (!text.empty()) {
    const std::size_t n = std::max<std::size_t>(utf8_length(text), 1);
    const std::string_view one = text.substr(0, n);
    const auto odd = first_odd(one);
    if (!odd || odd->what == oddity::nobodys || odd->what == oddity::space || odd->what == oddity::stacked)
      out += one;
    else
      out += one == "\n" ? feed : one == "\r" && feed == "\n" && text.substr(n).starts_with('\n') ? one : "?";
    text.remove_prefix(n);
  }
  return out;
}

/** A member that is text; empty otherwise. The answer comes from outside, so nothing of it is taken for granted. */
std::string text_in(const boost::json::value& v, std::string_view key) {
  const auto found = v.is_object() ? v.get_object().if_contains(key) : nullptr;
  return found != nullptr && found->is_string() ? shown(found->get_string()) : std::string();
}
std::int64_t number_in(const boost::json::value& v, std::string_view key) {
  const auto found = v.is_object() ? v.get_object().if_contains(key) : nullptr;
  return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}
const boost::json::array& list_in(const boost::json::value& v, std::string_view key) {
  static const boost::json::array none;
  const auto found = v.is_object() ? v.get_object().if_contains(key) : nullptr;
  return found != nullptr && found->is_array() ? found->get_array() : none;
}

/** "entries[7]: why" -> 7, "why": the API names which of several it is about. */
std::pair<std::size_t, std::string> of_entry(const std::string& text) {
  constexpr std::string_view begin = "entries[";
  const std::size_t close = text.find("]: ");
  std::size_t nth = 0;
  if (!text.starts_with(begin) || close == std::string::npos) return {0, text};
  const auto [end, bad] = std::from_chars(text.data() + begin.size(), text.data() + close, nth);
  if (bad != std::errc{} || end != text.data() + close) return {0, text};
  return {nth, text.substr(close + 3)};
}

constexpr std::string_view taken_over = " 接手 / acknowledged";

// What the API says was entered, in the line that a ledger's own door has for it.
/** Of a kind that has no line of its own here: what it is about. */
template <class Kind>
std::string line_of(const Kind& /*kind*/, const boost::json::value& r) {
  return or_entered(text_in(r, "target"));
}
std::string line_of(const window_command& /*kind*/, const boost::json::value& r) {
  return text_in(r, "id") + " " + text_in(r, "state");
}
std::string line_of(const annotation_command& /*kind*/, const boost::json::value& r) {
  return text_in(r, "target") + " " + text_in(r, "about");
}
std::string line_of(const duty_command& /*kind*/, const boost::json::value& r) {
  return text_in(r, "day") + " " + text_in(r, "person");
}
std::string line_of(const close_command& /*kind*/, const boost::json::value& r) {
  return closing_line(text_in(r, "from"), text_in(r, "to"), number_in(r, "version"), text_in(r, "sheet"),
                      shown(boost::json::serialize(list_in(r, "changes"))));
}
std::string line_of(const counter_command& /*kind*/, const boost::json::value& r) {
  return counter_line(text_in(r, "counter"), text_in(r, "about"), text_in(r, "value") + text_in(r, "unit"));
}
std::string line_of(const verdict_command& /*kind*/, const boost::json::value& r) {
  return verdict_line(text_in(r, "plan"), text_in(r, "indicator"), text_in(r, "verdict"));
}

std::string line_of(const acknowledgement_command& /*kind*/, const boost::json::value& r) {
  return acknowledgement_line(text_in(r, "alert"), text_in(r, "line"), text_in(r, "began"), text_in(r, "author"));
}
std::string line_of(const ticket_command& /*kind*/, const boost::json::value& r) {
  return ticket_line(text_in(r, "number"), text_in(r, "step"), text_in(r, "carrier"), text_in(r, "targets"));
}

counted told_refusal(const api_answer& answer, const boost::json::value& all) {
  counted out;
  const problem_class why = answer.status >= 500 ? problem_class::cannot : problem_class::no;
  const auto* error = all.is_object() ? all.get_object().if_contains("error") : nullptr;
  const auto [nth, text] = of_entry(error == nullptr ? std::string() : text_in(*error, "text"));
  out.nth = nth;
  if (text.empty()) {
    problem bare;
    bare.text = fmt::format("HTTP {}", answer.status);
    out.refusal = as(why, std::move(bare));
    return out;
  }
  out.refusal = said(text, of_entry(text_in(*error, "text_en")).second, why);
  return out;
}

}  // namespace

std::vector<std::string> once_each(std::vector<std::string> lines) {
  std::vector<std::string> out;
  std::unordered_set<std::string> seen;  // an answer may hold a million
  for (std::string& line : lines)
    if (seen.insert(line).second) out.push_back(std::move(line));
  return out;
}

std::string closing_line(const std::string& from, const std::string& to, std::int64_t version, const std::string& sheet,
                         const std::string& changes) {
  return fmt::format("{} 至 {} 结账第 {} 版 / closed, version {}\n  明细摘要 / sheet {}\n  变化 / changes {}", from, to,
                     version, version, sheet, changes);
}

std::string or_entered(const std::string& target) { return target.empty() ? "已登记 / entered" : target; }

std::string counter_line(const std::string& counter, const std::string& about, const std::string& amount) {
  return fmt::format("{} {} {}", counter, about, amount);
}

std::string verdict_line(const std::string& plan, const std::string& indicator, std::string_view verdict) {
  return fmt::format("{} {} {} / {}", plan, indicator,
                     chinese_of(attainment_named(verdict).value_or(attainment::missed)), verdict);
}

std::string acknowledgement_line(const std::string& alert, const std::string& line, const std::string& began,
                                 const std::string& author) {
  const std::string what =
      line.empty() ? alert : fmt::format("{}{}{}@{}", alert, alert.empty() ? "" : " ", line, began);
  return fmt::format("{} {}{}", what, author, taken_over);
}

std::string ticket_line(const std::string& number, std::string_view step, const std::string& carrier,
                        const std::string& targets) {
  return fmt::format("{} {} {} {}", number, step, carrier, targets);
}

bool says_known(std::string_view code) { return code.ends_with("_known"); }

void say_noted_alone(counted& what) {
  for (std::string& line : what.lines)
    if (const std::size_t at = line.find(taken_over); at != std::string::npos)
      line.replace(at, taken_over.size(), " 备注 / noted");
}

counted told(const api_answer& answer, const command& kind) {
  boost::system::error_code failed;
  const boost::json::value all = boost::json::parse(answer.body, failed);
  if (answer.status != 200) return told_refusal(answer, all);
  counted out;
  if (!all.is_object() || !all.get_object().contains("entered")) {
    out.refusal = said(
        {"答复不是畅通的接口写的，登记与否不知，请核对 --api 的地址", "the answer is not Changtong's: check --api"});
    return out;
  }
  for (const boost::json::value& r : list_in(all, "entered"))
    out.lines.push_back(std::visit([&](const auto& one) { return line_of(one, r); }, kind));
  out.lines = once_each(std::move(out.lines));
  for (const boost::json::value& n : list_in(all, "notices")) {
    out.notices.push_back(to_string(phrase{text_in(n, "text"), text_in(n, "text_en")}));
    out.known += says_known(text_in(n, "code"));
    if (text_in(n, "code") == "alert_over") say_noted_alone(out);
  }
  return out;
}

result<told_list> list_in(const api_answer& answer) {
  const bool words = answer.status == 400 || answer.status == 404 || answer.status == 409;
  if (answer.status != 200) return words ? as(problem_class::usage, refusal_in(answer)) : refusal_in(answer);
  boost::system::error_code failed;
  const boost::json::value all = boost::json::parse(answer.body, failed);
  const auto* text = all.is_object() ? all.get_object().if_contains("text") : nullptr;
  if (text == nullptr || !text->is_string())
    return said({"答复不是畅通的接口写的，请核对 --api 的地址", "the answer is not Changtong's: check --api"});
  // A file for a spreadsheet begins with a mark that nobody sees.
  constexpr std::string_view mark = "\xef\xbb\xbf";
  const std::string_view said = text->get_string();
  const std::string begin(said.starts_with(mark) ? mark : std::string_view());
  told_list out{.text = begin + shown(said.substr(begin.size()), "\n"), .doubts = {}};
  for (const boost::json::value& doubt : list_in(all, "doubts"))
    if (doubt.is_string()) out.doubts.push_back(shown(doubt.get_string()));
  return out;
}

problem refusal_in(const api_answer& answer) {
  boost::system::error_code failed;
  return told_refusal(answer, boost::json::parse(answer.body, failed)).refusal.value();
}

}  // namespace changtong
