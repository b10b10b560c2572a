#include "daemon/evaluate/fault_causes.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace changtong::evaluate {

std::string fault_causes::take(const availability::outage& o) {
  const books::outage_note note = view_.notes->of(o);
  if (taken_.emplace(o.target, o.began).second) ++causes_[books::cause_of(note)];
  const auto said = books::sentences(note, view_.when.zone);
  return said.empty() ? std::string() : fmt::format("；{}", fmt::join(said, "；"));
}

std::string fault_causes::text() const {
  std::vector<std::pair<std::size_t, fault_cause>> named;
  std::size_t silent = 0;
  for (const auto& [cause, count] : causes_)
    if (cause == fault_cause::unstated)
      silent = count;
    else
      named.emplace_back(count, cause);
  if (named.empty()) return {};
  std::ranges::sort(
      named, [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  std::string out;
  for (const auto& [count, cause] : named)
    out += fmt::format("{}{} {} 次", out.empty() ? "中断原因（运营商答复）：" : "、", chinese_of(cause), count);
  return silent == 0 ? out : out + fmt::format("，另 {} 次没有答复", silent);
}

}  // namespace changtong::evaluate
