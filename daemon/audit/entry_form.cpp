#include "daemon/audit/entry_form.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <set>
#include <utility>

#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"

namespace changtong::audit {
namespace {

namespace json = boost::json;

/** The kinds that encode() writes: a new one is known here as soon as it is there. */
template <std::size_t... I>
std::set<std::string, std::less<>> kinds(std::index_sequence<I...> /*alternatives*/) {
  return {std::string(ledger::encode(ledger::entry{std::in_place_index<I>}, {}).kind)...};
}

bool is_known(std::string_view kind) {
  static const auto all = kinds(std::make_index_sequence<std::variant_size_v<ledger::entry>>{});
  return all.contains(kind);
}

/** Empty for text that is no object: decode() says so. */
json::object object_in(std::string_view text) {
  boost::system::error_code failed;
  json::value v = json::parse(text, failed);
  return failed || !v.is_object() ? json::object{} : std::move(v.get_object());
}

}  // namespace

result<std::optional<std::int64_t>> rules_in(const journal_line& l) {
  if (l.kind != "start") return std::optional<std::int64_t>{};
  const json::object body = object_in(l.body);
  const json::value* rules = body.if_contains("rules");
  if (rules == nullptr) return std::optional<std::int64_t>{1};
  if (rules->is_int64() && rules->get_int64() >= 1) return std::optional{rules->get_int64()};
  return said(both("第 {} 条的规则版本不是版本号", "entry {}: its rules are no version", l.seq));
}

std::optional<std::string> strange_in(const journal_line& l) {
  if (!is_known(l.kind)) return "kind " + std::string(shortened(l.kind, 100));
  const auto rules = rules_in(l);
  if (rules && rules->value_or(1) > newest_rules) return fmt::format("rules {}", **rules);
  return std::nullopt;
}

std::vector<std::string> unknown_fields(const journal_line& l, const ledger::entry& e) {
  const std::string own = ledger::encode(e, l.at).body;
  if (own == l.body) return {};
  const json::object known = object_in(own);
  std::vector<std::string> fields;
  for (const auto& [key, value] : object_in(l.body))
    if (!known.contains(key) && !(l.kind == "start" && key == "rules"))
      fields.push_back(l.kind + "." + std::string(shortened(key, 100)));
  return fields;
}

std::string in_words(const std::vector<rules_from>& rules) {
  if (rules.size() == 1) return std::to_string(rules.front().version);
  std::string text;
  for (const rules_from& r : rules)
    text += fmt::format("{}{}（自第 {} 条起 / from entry {}）", text.empty() ? "" : "、", r.version, r.seq, r.seq);
  return text;
}

}  // namespace changtong::audit
