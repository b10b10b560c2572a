#include "daemon/core/declaration.h"

#include <array>
#include <set>
#include <utility>

#include "daemon/core/exact.h"

namespace changtong {
namespace {

struct attainment_words {
  attainment what;
  std::string_view name, chinese;
};
constexpr std::array<attainment_words, 3> words{{{attainment::achieved, "achieved", "达成"},
                                                 {attainment::partly, "partly", "部分达成"},
                                                 {attainment::missed, "missed", "未达成"}}};

struct fault_words {
  fault_cause what;
  std::string_view name, chinese;
};
constexpr std::array<fault_words, 8> faults{{{fault_cause::unstated, "", ""},
                                             {fault_cause::fibre, "fibre", "光缆"},
                                             {fault_cause::power, "power", "停电"},
                                             {fault_cause::equipment, "equipment", "设备"},
                                             {fault_cause::relocation, "relocation", "迁改"},
                                             {fault_cause::configuration, "configuration", "数据配置"},
                                             {fault_cause::user, "user", "用户侧"},
                                             {fault_cause::other, "other", "其他"}}};

/** Read backwards, the first of each key is the one that counts. */
template <class T, class Key>
std::vector<bool> last_of_each(const std::vector<T>& entered, Key key) {
  std::set<decltype(key(entered.front()))> seen;
  std::vector<bool> counts(entered.size());
  for (std::size_t i = entered.size(); i-- > 0;) counts[i] = seen.insert(key(entered[i])).second;
  return counts;
}

}  // namespace

std::string_view name_of(attainment a) { return words.at(static_cast<std::size_t>(a)).name; }
std::string_view chinese_of(attainment a) { return words.at(static_cast<std::size_t>(a)).chinese; }

std::optional<attainment> attainment_named(std::string_view name) {
  for (const attainment_words& w : words)
    if (w.name == name || w.chinese == name) return w.what;
  return std::nullopt;
}

std::string_view name_of(fault_cause c) { return faults.at(static_cast<std::size_t>(c)).name; }
std::string_view chinese_of(fault_cause c) { return faults.at(static_cast<std::size_t>(c)).chinese; }

std::optional<fault_cause> fault_cause_named(std::string_view name) {
  for (const fault_words& w : faults)
    if (w.name == name || w.chinese == name) return w.what;
  return std::nullopt;
}

bool is_amount(const std::string& text) {
  const auto amount = parse_exact(text);
  return amount && *amount >= 0;
}
bool is_amount_or_empty(const std::string& text) { return text.empty() || is_amount(text); }

bool entered_late(const duty_record& d, wall_t day_ends) {
  return d.source != "automatic" && d.at > day_ends + duty_grace;
}

std::vector<bool> counting(const std::vector<counter_record>& entered) {
  return last_of_each(entered, [](const counter_record& r) { return std::pair(std::string_view(r.counter), r.about); });
}

std::vector<bool> counting(const std::vector<indicator_verdict>& entered) {
  return last_of_each(entered, [](const indicator_verdict& v) {
    return std::pair(std::string_view(v.plan), std::string_view(v.indicator));
  });
}

}  // namespace changtong
