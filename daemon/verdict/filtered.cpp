#include "daemon/verdict/filtered.h"

#include <algorithm>
#include <utility>

namespace changtong::verdict {

void filtered::adopt(std::shared_ptr<const inventory> inv) {
  const auto before = std::exchange(inv_, std::move(inv));
  const auto moved = [&](check_index c) {
    const check& was = before->checks[c];
    const auto t = inv_->index_of(before->targets[was.target].id);
    if (t == no_index) return no_index;
    const target& now = inv_->targets[t];
    for (check_index k = now.first_check; k < now.first_check + now.check_count; ++k)
      if (inv_->checks[k].id == was.id && inv_->checks[k].address == was.address) return k;
    return no_index;
  };
  for (auto& [t, runs] : std::exchange(runs_, {}))
    for (run& r : runs) {
      r.check = moved(r.check);
      if (r.answers != no_index) r.answers = moved(r.answers);
      if (r.check != no_index && (!r.holds || r.answers != no_index)) runs_[inv_->checks[r.check].target].push_back(r);
    }
  for (const auto& [c, at] : std::exchange(said_, {}))
    if (const check_index is = moved(c); is != no_index) said_.emplace(is, at);
}

std::string filtered::name_of(check_index c) const {
  const std::string& id = inv_->checks[c].id;
  return id.substr(id.find('/') + 1);
}

bool filtered::holds(target_index t) const {
  const auto runs = runs_.find(t);
  return runs != runs_.end() && std::ranges::any_of(runs->second, &run::holds);
}

std::vector<silent_kind> filtered::take(const sample& s, const state_of& state) {
  const check& c = inv_->checks[s.check];
  if (c.role != check_role::reach || s.what == outcome::not_measured) return {};
  if (s.what == outcome::good) {
    if (runs_.empty()) return {};
    const auto at = runs_.find(c.target);
    if (at == runs_.end()) return {};
    auto found = answered(s, c, at->second, state);
    if (at->second.empty()) runs_.erase(at);
    return found;
  }
  const target& t = inv_->targets[c.target];
  if (t.kind != target_kind::line || t.check_count < 2) return {};
  std::vector<run>& runs = runs_[c.target];
  auto r = std::ranges::find(runs, s.check, &run::check);
  if (r == runs.end()) r = runs.insert(runs.end(), {.check = s.check, .first = s.at, .good_since = {}});
  r->good = 0;
  if (r->answers != no_index && r->beside < c.when.down_after) ++r->beside;
  // What fails as well shows nothing: where all are silent and come back one after the other, nothing is filtered.
  for (run& other : runs)
    if (other.answers == s.check && !other.holds) other.answers = no_index, other.beside = 0;
  return {};
}

/** The others' answers show what a silence is; its own end it. */
std::vector<silent_kind> filtered::answered(const sample& s, const check& c, std::vector<run>& runs,
                                            const state_of& state) {
  std::vector<silent_kind> found;
  const auto own = std::ranges::find(runs, s.check, &run::check);
  if (own != runs.end()) {
    if (own->good == 0) own->good_since = s.at;
    if (!own->holds || ++own->good >= c.when.up_after) {
      if (auto end = over(*own, c)) found.push_back(std::move(*end));
      runs.erase(own);
    }
  }
  for (run& r : runs) {
    const check& of = inv_->checks[r.check];
    if (r.check == s.check || of.kind == c.kind || s.at < r.first) continue;
    r.answers = s.check;
    if (!r.holds && (r.beside < of.when.down_after || state(c.target) != line_state::up)) continue;
    r.holds = true;
    if (r.said) continue;
    const auto [before, fresh] = said_.try_emplace(r.check, s.at);
    if (!fresh && s.at - before->second < say_again) continue;
    before->second = s.at;
    r.said = true;
    found.push_back({.target = c.target,
                     .began = r.first,
                     .ended = {},
                     .observed = name_of(r.check) + " 无应答，" + name_of(s.check) + " 有应答，不计为中断"});
  }
  return found;
}

std::optional<silent_kind> filtered::over(const run& r, const check& c) const {
  if (!r.said) return std::nullopt;
  const auto lasted = std::chrono::round<std::chrono::seconds>(r.good_since - r.first).count();
  return silent_kind{.target = c.target,
                     .began = r.first,
                     .ended = r.good_since,
                     .observed = name_of(r.check) + " 恢复应答，此前 " + std::to_string(lasted) + " 秒仅 " +
                                 name_of(r.answers) + " 等其他方式有应答"};
}

}  // namespace changtong::verdict
