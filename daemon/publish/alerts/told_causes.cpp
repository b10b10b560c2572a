#include "daemon/publish/alerts/told_causes.h"

#include <utility>

#include "daemon/core/cause_words.h"

namespace changtong::alerts {

void told_causes::said(const alert_record& step, cause named) {
  told& t = all_[step.alert];
  t.corrected = t.corrected || step.of == another_cause;
  t.step = step;
  t.named = named;
  t.differs_since.reset();
}

std::vector<alert_record> told_causes::due(wall_t now, const std::function<bool(std::string_view alert)>& open,
                                           const std::function<cause(const alert_record&)>& named) {
  std::vector<alert_record> out;
  if (!std::exchange(stirred_, false)) return out;
  std::erase_if(all_, [&](const auto& one) { return !open(one.first); });
  for (auto& [id, t] : all_) {
    if (t.corrected || t.named == cause::none) continue;
    const cause is = named(t.step);
    if (is == t.named || is == cause::upstream) {  // that a parent is down is told as growth
      t.differs_since.reset();
    } else if (now - t.differs_since.value_or(now) < settles) {
      if (!t.differs_since) t.differs_since = now;
      stirred_ = true;  // it is looked at again
    } else {
      t.corrected = true;
      alert_record& r = out.emplace_back(t.step);
      r.at = now;
      r.step = alert_step::grown;
      r.of = another_cause;
    }
  }
  return out;
}

}  // namespace changtong::alerts
