#include "daemon/discover/parents.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "daemon/core/ascii.h"

namespace changtong::discover {
namespace {

/** Who lists whom, where. */
struct link {
  target_index lister, listed;
  std::string port;  ///< of the lister
};

class court {
 public:
  court(const inventory& inv, const std::map<target_index, asked_device>& asked) : inv_(inv), asked_(asked) {
    for (target_index t = 0; t < inv.targets.size(); ++t) enter(t);
    for (const auto& [t, d] : asked)
      if (!d.seen.chassis.empty()) by_chassis_.emplace(d.seen.chassis, t);
    for (const auto& [t, d] : asked)
      for (const neighbour& n : d.seen.neighbours)
        if (const auto who = line_of(n); who && *who != t) links_.push_back({t, *who, n.port_shown});
    for (std::size_t i = 0; i < links_.size(); ++i) {
      of_line_[links_[i].lister].push_back(i);
      of_line_[links_[i].listed].push_back(i);
    }
  }

  [[nodiscard]] std::vector<parent_finding> all() const {
    std::vector<parent_finding> out;
    for (target_index t = 0; t < inv_.targets.size(); ++t)
      if (inv_.targets[t].kind == target_kind::line)
        if (auto f = judge(t)) out.push_back(std::move(*f));
    return out;
  }

 private:
  using sort = parent_finding::sort;

  void enter(target_index t) {
    const target& line = inv_.targets[t];
    if (line.kind != target_kind::line) return;
    for (const ip_address& a : line.addresses) by_address_.emplace(a, t);
    for (const std::string& name : {ascii::lower(line.id), ascii::lower(line.name)}) {
      const auto [at, is_new] = by_name_.emplace(name, t);
      if (!is_new && at->second != t) at->second = no_index;  // two are called so: it tells nothing
    }
  }

  [[nodiscard]] std::optional<target_index> line_of(const neighbour& n) const {
    for (const ip_address& a : n.addresses)
      if (const auto at = by_address_.find(a); at != by_address_.end()) return at->second;
    if (const auto at = by_chassis_.find(n.chassis); at != by_chassis_.end()) return at->second;
    const auto at = by_name_.find(ascii::lower(n.name));
    if (at == by_name_.end() || at->second == no_index) return std::nullopt;
    return at->second;
  }

  [[nodiscard]] const asked_device* device(target_index t) const {
    const auto at = asked_.find(t);
    return at == asked_.end() || !at->second.answered ? nullptr : &at->second;
  }
  /** Its LLDP tables were read to the end: who is not in them is no neighbour. */
  [[nodiscard]] bool tells_all(target_index t) const {
    const asked_device* d = device(t);
    return d != nullptr && d->trouble.empty() && d->seen.speaks_lldp;
  }
  [[nodiscard]] const link* between(target_index a, target_index b) const {
    const auto at = of_line_.find(a);
    if (at == of_line_.end()) return nullptr;
    for (const std::size_t i : at->second)
      if (links_[i].lister == b || links_[i].listed == b) return &links_[i];
    return nullptr;
  }
  [[nodiscard]] int depth(target_index t) const {
    int up = 0;
    for (target_index at = inv_.targets[t].parent_index; at != no_index; at = inv_.targets[at].parent_index) ++up;
    return up;
  }
  /** Of two linked lines of which neither is stated below the other, whether the first may be the other's parent: a
   * link has no direction, and speaks of the one whose own way up it is not yet known. */
  [[nodiscard]] bool may_carry(target_index other, target_index t) const {
    if (inv_.targets[t].parent_index == no_index) return true;
    const int difference = depth(other) - depth(t);
    const target_index its_parent = inv_.targets[other].parent_index;
    return difference < 0 || (difference == 0 && between(other, its_parent) != nullptr);
  }
  /** Lines that it is linked to and that may be above it, each once. */
  [[nodiscard]] std::vector<target_index> above(target_index t) const {
    std::vector<target_index> out;
    const auto at = of_line_.find(t);
    if (at == of_line_.end()) return out;
    for (const std::size_t i : at->second) {
      const target_index other = links_[i].lister == t ? links_[i].listed : links_[i].lister;
      if (!in_subtree(inv_, other, t) && may_carry(other, t) && std::ranges::find(out, other) == out.end())
        out.push_back(other);
    }
    return out;
  }
  [[nodiscard]] bool in_arp_of(target_index parent, target_index line) const {
    const asked_device* d = device(parent);
    if (d == nullptr) return false;
    return std::ranges::any_of(inv_.targets[line].addresses, [&](const ip_address& a) {
      return std::ranges::find(d->seen.arp, a, &arp_entry::address) != d->seen.arp.end();
    });
  }
  [[nodiscard]] std::string shown(target_index t) const {
    const target& line = inv_.targets[t];
    return line.name == line.id ? line.id : line.id + " " + line.name;
  }
  /** `T01 的 GE0/0/1 / at T01's GE0/0/1` */
  [[nodiscard]] phrase seen_at(target_index t, target_index other) const {
    const link& l = *between(t, other);
    return both("{} 的 {}", "{}'s {}", shown(l.lister), l.port);
  }

  [[nodiscard]] std::optional<parent_finding> judge(target_index t) const {
    const target_index parent = inv_.targets[t].parent_index;
    const std::vector<target_index> others = above(t);
    if (parent == no_index) {
      if (others.empty() || has_children_[t]) return std::nullopt;
      return parent_finding{
          t, sort::no_parent,
          both("清单没有写上级，LLDP 显示它与 {} 相连（{}）", "the inventory names no parent, LLDP links it to {} ({})",
               shown(others.front()), seen_at(t, others.front()))};
    }
    if (between(t, parent) != nullptr) return parent_finding{t, sort::agrees, seen_at(t, parent)};
    if (others.empty()) return without_links(t, parent);
    if (!tells_all(t) && !tells_all(parent))
      return parent_finding{
          t, sort::not_known,
          both("LLDP 显示它与 {} 相连（{}），但它和上级 {} 的邻居表都没有读到",
               "LLDP links it to {} ({}), but neither its own neighbours nor those of its parent {} were read",
               shown(others.front()), seen_at(t, others.front()), shown(parent))};
    return parent_finding{t, sort::contradiction,
                          both("清单说上级是 {}，而 LLDP 显示它接在 {}（{}）",
                               "the inventory says it hangs below {}, LLDP says below {} ({})", shown(parent),
                               shown(others.front()), seen_at(t, others.front()))};
  }

  [[nodiscard]] parent_finding without_links(target_index t, target_index parent) const {
    if (in_arp_of(parent, t))
      return {t, sort::agrees, both("{} 的 ARP 表中有它的地址", "{}'s ARP table has its address", shown(parent))};
    const asked_device* d = device(parent);
    if (d == nullptr)
      return {t, sort::not_known, both("上级 {} 没有问到", "its parent {} did not tell", shown(parent))};
    return {t, sort::not_known,
            both("上级 {} 的 LLDP 和 ARP 表中都没有它，别处也没有",
                 "neither LLDP nor ARP of its parent {} shows it, nor does another", shown(parent))};
  }
  const inventory& inv_;
  const std::map<target_index, asked_device>& asked_;
  const std::vector<bool> has_children_ = have_children(inv_);
  std::map<ip_address, target_index> by_address_;
  std::map<std::string, target_index> by_name_, by_chassis_;
  std::vector<link> links_;
  std::map<target_index, std::vector<std::size_t>> of_line_;
};

}  // namespace

std::vector<parent_finding> judge_parents(const inventory& inv, const std::map<target_index, asked_device>& asked) {
  return court(inv, asked).all();
}

}  // namespace changtong::discover
