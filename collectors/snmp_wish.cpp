#include "collectors/snmp_wish.h"

#include <algorithm>

#include "collectors/exchange.h"
#include "daemon/core/phrase.h"
#include "daemon/core/stable_hash.h"

namespace changtong {
namespace {

constexpr std::uint32_t greatest_index = 0x7fffffff, of_a_name = 0x80000000;
constexpr std::string_view name_mark = "name:", alias_mark = "alias:";

result<interface_wish> parse_one(std::string_view text) {
  interface_wish w;
  for (const auto& [mark, how] :
       {std::pair{name_mark, interface_wish::by::name}, {alias_mark, interface_wish::by::alias}}) {
    if (!text.starts_with(mark)) continue;
    w.how = how;
    w.text = text.substr(mark.size());
    if (w.text.empty() || w.text.size() > 255)
      return said(both("snmp: if 中 {} 之后应为 1 至 255 字节的名称",
                       "snmp: if: a name of 1 to 255 bytes belongs behind {}", mark));
    return w;
  }
  const auto n = bounded_number("snmp: if", text, 1, greatest_index);
  if (!n)
    return said(both("snmp: if 应为接口编号（1 至 {0}）、name:名称 或 alias:别名，而不是 `{1}`",
                     "snmp: if: a number from 1 to {0}, name:NAME or alias:ALIAS is needed, not `{1}`", greatest_index,
                     text));
  w.index = static_cast<std::uint32_t>(*n);
  return w;
}

}  // namespace

std::uint32_t interface_wish::shown() const {
  return how == by::index ? index : of_a_name | static_cast<std::uint32_t>(stable_hash(written()));
}

std::string interface_wish::written() const {
  if (how == by::index) return std::to_string(index);
  return std::string(how == by::name ? name_mark : alias_mark) + text;
}

result<std::vector<interface_wish>> parse_interface_wishes(std::string_view text) {
  std::vector<interface_wish> all;
  while (true) {
    const std::size_t plus = text.find('+');
    auto one = parse_one(text.substr(0, plus));
    if (!one) return one.error();
    if (std::ranges::find(all, one->shown(), &interface_wish::shown) != all.end())
      return said(both("snmp: if 中 {} 写了两次", "snmp: if: {} is named twice", one->written()));
    all.push_back(std::move(*one));
    if (all.size() > most_interfaces)
      return said(both("snmp: if 最多 {} 个接口", "snmp: if: at most {} interfaces", most_interfaces));
    if (plus == std::string_view::npos) return all;
    text.remove_prefix(plus + 1);
  }
}

}  // namespace changtong
