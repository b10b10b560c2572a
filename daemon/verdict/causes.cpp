#include "daemon/verdict/causes.h"

#include <algorithm>
#include <utility>

namespace changtong::verdict {

void causes::explain(target_index i, wall_t began, wall_t now, const state_of& state, std::vector<record>& out,
                     wall_t failed, const well_since& well) {
  const target& t = inv_->targets[i];
  open_[i] = false;
  for (target_index p = t.parent_index; p != no_index; p = inv_->targets[p].parent_index) {
    if (state(p) != line_state::down) continue;
    out.emplace_back(
        cause_found{.target = t.id, .began = began, .why = cause::upstream, .upstream = inv_->targets[p].id});
    return;
  }
  if (t.parent_index == no_index || now == wall_max || (well && well(t.parent_index, failed))) {
    out.emplace_back(cause_found{.target = t.id, .began = began, .why = cause::unexplained, .upstream = {}});
    return;
  }
  open_[i] = true;
  waiting_.push_back({.target = i, .began = began, .deadline = now + patience, .failed = failed});
  ++children_waiting_[t.parent_index];
}

void causes::explain_children(target_index parent, std::vector<record>& out) {
  std::erase_if(waiting_, [&](const waiting& w) {
    if (w.target == parent || !in_subtree(*inv_, w.target, parent)) return false;
    if (!open_[w.target]) return ended(w);
    open_[w.target] = false;
    out.emplace_back(cause_found{.target = inv_->targets[w.target].id,
                                 .began = w.began,
                                 .why = cause::upstream,
                                 .upstream = inv_->targets[parent].id});
    return ended(w);
  });
}

void causes::settle(wall_t now, std::vector<record>& out, const well_since& well) {
  std::erase_if(waiting_, [&](const waiting& w) {
    const target_index parent = inv_->targets[w.target].parent_index;
    const bool fine = parent != no_index && well && well(parent, w.failed);
    if (w.deadline > now && !fine) return false;
    if (open_[w.target]) {
      open_[w.target] = false;
      out.emplace_back(cause_found{
          .target = inv_->targets[w.target].id, .began = w.began, .why = cause::unexplained, .upstream = {}});
    }
    return ended(w);
  });
}

bool causes::ended(const waiting& w) {
  const auto parent = children_waiting_.find(inv_->targets[w.target].parent_index);
  if (parent != children_waiting_.end() && --parent->second == 0) children_waiting_.erase(parent);
  return true;
}

wall_t causes::earliest() const {
  wall_t at = wall_max;
  for (const waiting& w : waiting_) at = std::min(at, w.began);
  return at;
}

void causes::adopt(std::shared_ptr<const inventory> inv) {
  const auto before = std::exchange(inv_, std::move(inv));
  const auto open_before = std::exchange(open_, std::vector<bool>(inv_->targets.size()));
  for (target_index i = 0; i < before->targets.size(); ++i)
    if (const auto is = inv_->index_of(before->targets[i].id); is != no_index) open_[is] = open_before[i];
  std::erase_if(waiting_, [&](waiting& w) {
    const auto is = inv_->index_of(before->targets[w.target].id);
    if (is == no_index) return true;
    w.target = is;
    return false;
  });
  children_waiting_.clear();
  for (const waiting& w : waiting_)
    if (const target_index p = inv_->targets[w.target].parent_index; p != no_index) ++children_waiting_[p];
}

}  // namespace changtong::verdict
