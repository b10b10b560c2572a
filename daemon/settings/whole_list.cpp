#include "daemon/settings/whole_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <functional>

#include "daemon/core/stable_hash.h"
#include "daemon/reading/words.h"

namespace changtong::reading {
namespace {

/** Mixed once more: of ids that differ in their last digits FNV's upper half hardly does. Which node an id goes to
 * never changes, for its history stays there. */
std::size_t nth_by_id(std::string_view id, std::size_t nodes) {
  const std::uint64_t hash = stable_hash(id);
  return (((hash ^ (hash >> 32U)) * 0x9e3779b97f4a7c15ULL) >> 32U) % nodes;
}

/** By what stands there; where nobody names it, who takes the others. */
std::vector<std::uint16_t> takers_of(const node_division& by, std::string_view category, std::string_view town) {
  std::vector<std::uint16_t> takers;
  for (std::size_t n = 0; n < by.all.size(); ++n)
    if (std::ranges::find(by.all[n].categories, category) != by.all[n].categories.end() ||
        std::ranges::find(by.all[n].towns, town) != by.all[n].towns.end())
      takers.push_back(static_cast<std::uint16_t>(n));
  if (!takers.empty()) return takers;
  for (std::size_t n = 0; n < by.all.size(); ++n)
    if (by.all[n].others) takers.push_back(static_cast<std::uint16_t>(n));
  return takers;
}

phrase taken_by_none_or_two(const node_division& by, std::string_view id, std::string_view category,
                            std::string_view town, const std::vector<std::uint16_t>& takers) {
  const std::string where = town.empty() ? std::string(category) : fmt::format("{}, {}", category, town);
  if (takers.empty())
    return both("{}（{}）没有节点管：请在 nodes 中写明，或让一个节点管其余的（others: yes）",
                "{} ({}) is taken by no node: name it in nodes, or let one node take the others (others: yes)",
                quote(id), where);
  return both("{}（{}）有两个节点要管：{} 和 {}；请改 nodes，使它只归一个",
              "{} ({}) is taken by two nodes, {} and {}: change nodes so that one takes it", quote(id), where,
              quote(by.all[takers[0]].name), quote(by.all[takers[1]].name));
}

}  // namespace

phrase duplicate_id(std::string_view id, const place& first) {
  return both("编号 {0} 重复：{2} 第 {1} 行已用，请另取一个",
              "duplicate id {0}: line {1} of {2} has it already; choose another", quote(id), first.line, first.file);
}

phrase unknown_parent(std::string_view id) {
  return both("上级 {} 不存在：清单中没有这个编号的专线", "unknown parent {}: no line of this file has that id",
              quote(id));
}

phrase parent_loop(std::string_view way) {
  return both("上级成环：{}；其中一条应不写上级，或改为别的上级",
              "parent loop: {}; one of them must have no parent or another one", way);
}

whole_list::whole_list(const node_division& by, std::string_view text, std::string_view file)
    : by_(by), text_(text), file_(file) {
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  rows_.reserve(std::min(lines + 1, most_listed));
}

void whole_list::add(const cells& c) {
  const auto offset = [&](std::string_view part) {
    const bool inside = part.data() >= text_.data() && part.data() < text_.data() + text_.size();
    return inside ? static_cast<std::uint32_t>(part.data() - text_.data()) : 0;
  };
  // What is longer than an id may be is wrong, and told by whoever reads the row.
  const auto size = [](std::string_view part) {
    return static_cast<std::uint16_t>(std::min<std::size_t>(part.size(), UINT16_MAX));
  };
  rows_.push_back({.id_at = offset(c.id),
                   .parent_at = offset(c.parent),
                   .id_size = size(c.id),
                   .parent_size = size(c.parent),
                   .line = static_cast<std::uint32_t>(c.line),
                   .claim = by_.by_id ? 0 : claim_of(c)});
}

std::uint32_t whole_list::claim_of(const cells& c) {
  std::string key = fmt::format("{}\n{}", c.category, c.town);
  const auto [known, fresh] = claim_numbers_.try_emplace(std::move(key), static_cast<std::uint32_t>(claims_.size()));
  if (fresh) claims_.push_back({std::string(c.category), std::string(c.town), takers_of(by_, c.category, c.town)});
  return known->second;
}

place whole_list::at(const row& r, std::uint32_t byte) const {
  return {file_, static_cast<int>(r.line), column_at(text_, byte)};
}

place whole_list::place_of(std::string_view id) const {
  const row_index found = row_of(id);
  return found == none ? place{} : at(rows_[found], rows_[found].id_at);
}

std::size_t whole_list::slot_of(std::string_view id) const {
  const std::size_t last = slots_.size() - 1;
  std::size_t at = std::hash<std::string_view>{}(id)&last;
  while (slots_[at] != none && id_of(rows_[slots_[at]]) != id) at = (at + 1) & last;
  return at;
}

whole_list::row_index whole_list::row_of(std::string_view id) const {
  return slots_.empty() ? none : slots_[slot_of(id)];
}

std::set<std::string_view> whole_list::towns() const {
  std::set<std::string_view> all;
  for (const claim& c : claims_) all.insert(c.town);
  return all;
}

void whole_list::index(findings& found) {
  slots_.assign(std::bit_ceil(2 * rows_.size() + 2), none);
  for (row_index i = 0; i < rows_.size(); ++i) {
    const row& r = rows_[i];
    row_index& slot = slots_[slot_of(id_of(r))];
    if (slot == none)
      slot = i;
    else if (r.id_size > 0)
      found.error(at(r, r.id_at), duplicate_id(id_of(r), at(rows_[slot], rows_[slot].id_at)));
  }
}

void whole_list::find_parents(findings& found) {
  for (row& r : rows_) {
    if (r.parent_size == 0) continue;
    r.parent = row_of(parent_of(r));
    if (r.parent == none) found.error(at(r, r.parent_at), unknown_parent(parent_of(r)));
  }
}

/** Each way up is walked once: what is below a row whose top is known has that top. */
void whole_list::find_tops(findings& found) {
  std::vector<row_index> way;
  std::vector<bool> walked(rows_.size());
  for (row_index start = 0; start < rows_.size(); ++start) {
    way.clear();
    row_index here = start;
    for (; rows_[here].top == none && !walked[here]; here = rows_[here].parent) {
      walked[here] = true;
      way.push_back(here);
      if (rows_[here].parent == none) rows_[here].top = here;
      if (rows_[here].top != none) break;
    }
    if (rows_[here].top == none) {  // it was walked just now
      tell_loop(here, found);
      rows_[here].top = here;
    }
    for (const row_index i : way) rows_[i].top = rows_[here].top;
  }
}

void whole_list::tell_loop(row_index first, findings& found) {
  constexpr std::size_t most_told = 8;
  std::vector<row_index> loop;
  row_index here = first;
  do {
    loop.push_back(here);
    here = rows_[here].parent;
  } while (here != first);
  std::ranges::rotate(loop, std::ranges::min_element(loop));
  std::string way;
  for (std::size_t i = 0; i < std::min(loop.size(), most_told); ++i)
    way += fmt::format("{} -> ", id_of(rows_[loop[i]]));
  if (loop.size() > most_told) way += "… -> ";
  const row& named = rows_[loop[0]];
  found.error(at(named, named.parent_at), parent_loop(way + std::string(id_of(rows_[loop[0]]))));
}

whole_list::node_index whole_list::owner_of(const row& top) const {
  if (by_.by_id) return static_cast<node_index>(nth_by_id(id_of(top), by_.all.size()));
  const claim& c = claims_[top.claim];
  return c.takers.size() == 1 ? c.takers[0] : static_cast<node_index>(by_.all.size());
}

void whole_list::tell_unowned(const row& top, findings& found) const {
  const claim& c = claims_[top.claim];
  if (!c.category.empty())
    found.error(at(top, top.id_at), taken_by_none_or_two(by_, id_of(top), c.category, c.town, c.takers));
}

/** Somebody who looks for a village's line where its own town says would not find it. */
void whole_list::warn_of_children(findings& found) const {
  const row* first = nullptr;
  std::size_t count = 0;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const node_index own = owner_of(rows_[i]);
    if (own == owners_[i] || claims_[rows_[i].claim].category.empty()) continue;
    if (++count == 1) first = &rows_[i];
  }
  if (first == nullptr) return;
  const row& top = rows_[first->top];
  found.warn(at(*first, first->id_at),
             both("{} 随最上级 {} 归节点 {}，而它自己的类别或乡镇属别处；这样的专线共 {} 条（上下级总在同一节点）",
                  "{} goes with the top of its parents, {}, to node {}, though its own category or town says another; "
                  "there are {} such lines (parents and children are always on one node)",
                  quote(id_of(*first)), quote(id_of(top)),
                  quote(by_.all[owners_[static_cast<std::size_t>(first - rows_.data())]].name), count));
}

void whole_list::settle(node_division& by, findings& found) {
  const std::size_t before = found.errors();
  index(found);
  find_parents(found);
  find_tops(found);
  owners_.resize(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    owners_[i] = owner_of(rows_[rows_[i].top]);
    if (owners_[i] < by.all.size()) ++by.all[owners_[i]].lines;
    if (owners_[i] == by.all.size() && rows_[i].top == i && before == 0) tell_unowned(rows_[i], found);
  }
  if (!by.by_id && found.errors() == 0) warn_of_children(found);
}

void check_nodes(const config_draft& draft, const whole_list* whole, findings& found) {
  if (!draft.value.nodes || draft.anchors_among_lines) return;  // a trace's lines are ours alone
  const node_division& by = *draft.value.nodes;
  std::set<std::string_view> towns = whole == nullptr ? std::set<std::string_view>{} : whole->towns();
  for (const site_draft& s : draft.sites) towns.insert(s.what.town);
  const std::vector<std::string_view> known(towns.begin(), towns.end());
  for (const node_share& s : by.all)
    for (const std::string& town : s.towns)
      if (!towns.contains(town)) {
        const std::string_view near = nearest(town, known);
        found.warn(draft.nodes_at,
                   both("节点 {} 的乡镇 {} 没有任何线路或网站{}", "node {}: no line or site is in {}{}", quote(s.name),
                        quote(town), near.empty() ? phrase{} : both("：是否为 {}", ": did you mean {}", quote(near))));
      }
  if (const node_share& own = by.all[by.self]; own.lines + own.sites == 0)
    found.warn(draft.nodes_at, both("按这样划分，本节点 {} 没有要监测的线路和网站",
                                    "so divided, this node, {}, has nothing to watch", quote(own.name)));
}

std::optional<std::size_t> taker_of(const node_division& by, const target& t, const place& at, findings& found) {
  if (by.by_id) return nth_by_id(t.id, by.all.size());
  const auto takers = takers_of(by, t.category, t.town);
  if (takers.size() == 1) return takers[0];
  found.error(at, taken_by_none_or_two(by, t.id, t.category, t.town, takers));
  return std::nullopt;
}

}  // namespace changtong::reading
