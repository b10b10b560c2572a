// Puts a configuration and its inventory together: what concerns several targets at once is decided here.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "daemon/reading/words.h"
#include "daemon/settings/alert_words.h"
#include "daemon/settings/alerts.h"
#include "daemon/settings/checks.h"
#include "daemon/settings/lines.h"
#include "daemon/settings/twins.h"

namespace changtong {

namespace reading {
namespace {

constexpr std::size_t many_lines = 20'000;  ///< above it the default interval is 10 s instead of 1 s
constexpr std::size_t most_checks = 8;      ///< of a line
constexpr std::uint32_t least_budget = 2000;
constexpr std::size_t most_bytes = 64u << 20;  ///< of a list that is not shared

class assembly {
 public:
  assembly(config_draft& draft, const surroundings& from, findings& found)
      : draft_(draft), found_(found), checks_(draft, from, found), kinds_(from.kinds) {}

  std::shared_ptr<const inventory> build(std::vector<line_table::row>& rows, const line_table* table) {
    whole_ = table == nullptr ? nullptr : table->whole();
    resolve_policies(rows.size());
    made_ = std::make_shared<inventory>();
    for (const category_draft& c : draft_.categories) made_->categories.push_back(c.what);
    made_->reserve(rows.size() + draft_.sites.size() + draft_.anchors.size());
    made_->checks.reserve(made_->targets.capacity());
    for (auto& row : rows) line(row, *table);
    if (table != nullptr) checks_of_others(*table);
    for (std::size_t i = 0; i < rows.size(); ++i) parent(static_cast<target_index>(i), rows[i], *table);
    if (table != nullptr && whole_ == nullptr) loops(rows, *table);
    for (site_draft& s : draft_.sites) site(s);
    for (anchor_draft& a : draft_.anchors) anchor(a);
    return made_;
  }

  [[nodiscard]] std::uint32_t budget() const {
    double regular = 0;
    for (const check& c : made_->checks)
      if (c.role == check_role::reach) regular += 1000.0 / static_cast<double>(c.when.interval.count());
    return std::max(least_budget, static_cast<std::uint32_t>(std::ceil(regular)));
  }

 private:
  void resolve_policies(std::size_t lines) {
    const milliseconds interval{lines > many_lines ? 10'000 : 1000};
    checks_.set_default_interval(interval);
    const auto root = [this] { return draft_.root; };
    timing_layer foundation;
    foundation.interval = stated<milliseconds>{interval, {}};
    const std::array<const timing_layer*, 2> base{&foundation, &draft_.defaults};
    draft_.value.defaults = resolve(base, root, found_);
    for (const category_draft& c : draft_.categories) {
      const std::array<const timing_layer*, 3> layers{&foundation, &draft_.defaults, &c.when};
      draft_.value.categories.push_back({c.what, resolve(layers, root, found_)});
    }
    const timing_layer nothing;
    for (const kind& k : kinds_) {
      const auto own = draft_.kinds.find(k.name);
      timing_layer defaults = draft_.defaults;
      if (is_service(k.name)) defaults.interval = defaults.timeout = defaults.fast = std::nullopt;
      const std::array<const timing_layer*, 4> layers{&foundation, &built_in(k.name), &defaults,
                                                      own == draft_.kinds.end() ? &nothing : &own->second};
      draft_.value.kinds.push_back({std::string(k.name), resolve(layers, root, found_)});
    }
  }

  target_index add(target&& what, const place& at) {
    const auto index = static_cast<target_index>(made_->targets.size());
    if (what.kind == target_kind::site || (what.kind == target_kind::line && whole_ == nullptr))
      refuse_twin(what.id, at);
    stands_.push_back(at);
    made_->add(std::move(what));
    return index;
  }

  /** Where an id stands already, in the part of any node. */
  [[nodiscard]] std::optional<place> taken_at(const std::string& id) const {
    if (const target_index other = made_->index_of(id); other != no_index) return stands_[other];
    if (const auto other = elsewhere_.find(id); other != elsewhere_.end()) return other->second;
    if (whole_ != nullptr && whole_->has(id)) return whole_->place_of(id);
    return std::nullopt;
  }

  void refuse_twin(const std::string& id, const place& at) {
    if (id.empty()) return;
    if (const auto first = taken_at(id)) found_.error(at, duplicate_id(id, *first));
  }

  /** A site has no parent. One of another node is in no inventory of ours; its id is taken all the same. */
  [[nodiscard]] bool is_ours(const site_draft& s) {
    if (!draft_.value.nodes) return true;
    node_division& by = *draft_.value.nodes;
    const auto taker = taker_of(by, s.what, s.id_at, found_);
    if (taker) ++by.all[*taker].sites;
    if (taker == by.self) return true;
    refuse_twin(s.what.id, s.id_at);
    elsewhere_.emplace(s.what.id, s.id_at);
    return false;
  }

  void line(line_table::row& row, const line_table& table) {
    const target_index index = add(std::move(row.what), table.at(row.id_at));
    std::vector<std::string_view> specs = split(row.checks, " \t\r\n");
    if (specs.empty()) specs.emplace_back("icmp");
    const auto at = [&](std::string_view spec, std::size_t skip) {
      const bool inside = spec.data() >= row.checks.data() && spec.data() < row.checks.data() + row.checks.size();
      return table.at(row.checks_at, skip + (inside ? static_cast<std::size_t>(spec.data() - row.checks.data()) : 0));
    };
    read_checks(index, specs, at);
  }

  void checks_of_others(const line_table& table) {
    for (const auto& [cell, spot] : table.checks_of_others())
      for (const std::string_view spec : split(cell, " \t\r\n"))
        if (const parsed_check& c = checks_.read(spec); c.wrong)
          found_.error(table.at(spot, static_cast<std::size_t>(spec.data() - cell.data()) + c.wrong_offset), *c.wrong);
  }

  /** `at(spec, skip)` tells where a byte of a spec stands; it is asked only for messages, since it costs. */
  template <class Where>
  void read_checks(target_index index, const std::vector<std::string_view>& specs, const Where& at) {
    if (specs.size() > most_checks)
      return found_.error(at(specs[0], 0), both("有 {} 项检查，一个对象最多 {} 项",
                                                "{} checks, at most {} for one target", specs.size(), most_checks));
    bool reach = false, good = true;
    for (std::size_t i = 0; i < specs.size(); ++i) {
      const parsed_check& c = checks_.read(specs[i]);
      reach = reach || c.role == check_role::reach;
      if (c.wrong) {
        found_.error(at(specs[i], c.wrong_offset), *c.wrong);
        good = false;
      } else if (std::find(specs.begin(), specs.begin() + static_cast<std::ptrdiff_t>(i), specs[i]) !=
                 specs.begin() + static_cast<std::ptrdiff_t>(i)) {
        found_.error(at(specs[i], 0),
                     both("检查 {} 出现两次：请删去一个", "check {} stands twice: remove one", quote(specs[i])));
      } else {
        checks_.append(*made_, index, c, c.when, [&] { return at(specs[i], 0); });
      }
    }
    if (!reach && good)
      found_.error(at(specs[0], 0), {"没有决定通断的检查：至少保留一项不写 role=health",
                                     "no check decides up or down: leave at least one without role=health"});
  }

  void parent(target_index index, const line_table::row& row, const line_table& table) {
    target& t = made_->targets[index];
    if (t.parent.empty()) return;
    const target_index up = made_->index_of(t.parent);
    t.parent_index = up;
    if (up == no_index && whole_ == nullptr) found_.error(table.at(row.parent_at), unknown_parent(t.parent));
  }

  void loops(const std::vector<line_table::row>& rows, const line_table& table) {
    enum class seen : std::uint8_t { no, now, before };
    std::vector<seen> state(rows.size(), seen::no);
    std::vector<target_index> path;
    for (target_index start = 0; start < rows.size(); ++start) {
      path.clear();
      target_index at = start;
      for (; at != no_index && state[at] == seen::no; at = made_->targets[at].parent_index) {
        state[at] = seen::now;
        path.push_back(at);
      }
      if (at != no_index && state[at] == seen::now) {
        const auto first = std::ranges::find(path, at);
        const auto named = std::ranges::min_element(first, path.end());
        std::rotate(first, named, path.end());
        report_loop(std::span(first, path.end()), table.at(rows[*first].parent_at));
      }
      for (const target_index i : path) state[i] = seen::before;
    }
  }

  void report_loop(std::span<const target_index> loop, const place& at) {
    std::string way;
    for (std::size_t i = 0; i < std::min<std::size_t>(loop.size(), 8); ++i) way += made_->targets[loop[i]].id + " -> ";
    if (loop.size() > 8) way += "… -> ";
    way += made_->targets[loop[0]].id;
    found_.error(at, parent_loop(way));
    made_->targets[loop[0]].parent_index = no_index;
  }

  void site(site_draft& s) {
    if (s.what.id.empty()) return;  // reported
    if (const auto bad = bad_id(s.what.id))
      found_.error(s.id_at, both("编号 {} {}", "id {} {}", quote(s.what.id), *bad));
    if (s.what.id.starts_with("anchor"))
      found_.error(s.id_at,
                   both("编号 {} 已保留：以 'anchor' 开头的编号属于锚点",
                        "id {} is reserved: ids that begin with 'anchor' belong to anchors", quote(s.what.id)));
    for (const auto& [key, text] : {std::pair<const char*, const std::string*>{"name", &s.what.name},
                                    {"unit", &s.what.unit},
                                    {"town", &s.what.town},
                                    {"carrier", &s.what.carrier},
                                    {"grade", &s.what.grade.str()}})
      if (const auto unseen = unseen_character(*text))
        found_.error(s.begin, columns_of_sites().in_their_words(both("{} 的{}", "{}: {}", key, *unseen)));
    if (s.what.name.empty()) s.what.name = s.what.id;
    const auto parsed = s.what.url.empty() ? std::nullopt : checks_.read_site(s);
    if (!is_ours(s)) return;
    const target_index index = add(target(s.what), s.id_at);
    if (parsed) checks_.append(*made_, index, *parsed, s.when, [&] { return s.begin; });
  }

  void anchor(const anchor_draft& a) {
    target t;
    t.id = fmt::format("anchor-{}", ++anchors_);
    if (made_->index_of(t.id) != no_index) return;  // a trace has told of it anew
    t.kind = target_kind::anchor;
    t.name = to_string(a.address);
    t.addresses = {a.address};
    const target_index index = add(std::move(t), a.at);
    std::vector<std::string_view> specs = split(a.checks, " \t\r\n");
    if (specs.empty()) specs.emplace_back("icmp");
    read_checks(index, specs, [&](std::string_view, std::size_t) { return a.checks_at; });
    keep_pace(made_->targets[index]);
  }

  /** Anchors keep their second at any size of the inventory and whatever the lines' interval is, unless their own spec
   * says otherwise: every doubt waits for them. */
  void keep_pace(const target& t) {
    constexpr milliseconds second{1000};
    for (check_index c = t.first_check; c < t.first_check + t.check_count; ++c) {
      check& asked = made_->checks[c];
      if (asked.role != check_role::reach || asked.spec.find("interval=") != std::string::npos) continue;
      asked.when.interval = std::min(asked.when.interval, second);
      asked.when.fast_interval = std::min(asked.when.fast_interval, asked.when.interval);
    }
  }

  config_draft& draft_;
  findings& found_;
  check_reader checks_;
  std::span<const kind> kinds_;
  std::shared_ptr<inventory> made_;
  const whole_list* whole_ = nullptr;       ///< tells of ids and parents what concerns lines of other nodes too
  std::vector<place> stands_;               ///< of each target
  std::map<std::string, place> elsewhere_;  ///< sites of other nodes
  std::size_t anchors_ = 0;
};

std::optional<std::string> read_inventory(const config_draft& draft, const surroundings& from, findings& found) {
  if (!draft.inventory_file) return std::nullopt;
  auto text = from.read(draft.value.inventory_file);
  if (text && text->size() > most_bytes && !draft.value.nodes) {
    found.error(draft.inventory_file->at, both("inventory：{} 超过 64 MB：请用 nodes 分给几台",
                                               "inventory: {} is longer than 64 MB: share it "
                                               "among several nodes (nodes)",
                                               quote(draft.value.inventory_file)));
    return std::nullopt;
  }
  if (text) return std::move(*text);
  found.error(draft.inventory_file->at, both("inventory：无法读取 {}：{}", "inventory: cannot read {}: {}",
                                             quote(draft.value.inventory_file), words_of(text.error())));
  return std::nullopt;
}

/** Rule 10 needs an anchor's bad sample, and a line's single one may come first. */
void warn_of_single_samples(const config_draft& draft, const inventory& made, findings& found) {
  std::size_t count = 0;
  std::string first;
  for (const check& c : made.checks) {
    const bool confirms = c.role == check_role::reach && made.targets[c.target].kind != target_kind::anchor;
    if (!confirms || c.when.down_after > 1) continue;
    if (++count == 1) first = c.id;
  }
  if (count == 0) return;
  const auto& defaults = draft.defaults.down_after;
  found.warn(defaults && defaults->value == 1 ? defaults->at : draft.root,
             both("down_after 为 1 的检查：{} 个（如 {}）；本机上联中断短于锚点的周期加时限时，会记为线路中断，"
                  "请改为 2 以上",
                  "checks with down_after 1: {} (such as {}); no protection against cuts of our own uplink shorter "
                  "than an anchor's interval and timeout: say 2 or more",
                  count, first));
}

void whole_file_rules(const config_draft& draft, std::size_t lines, const whole_list* whole,
                      std::span<const kind> kinds, findings& found) {
  warn_of_single_samples(draft, *draft.value.targets, found);
  check_anchors(draft, *draft.value.targets, kinds, found);
  check_map(draft, *draft.value.targets, found);
  check_nodes(draft, whole, found);
  if (draft.alerts) check_alerts(*draft.alerts, draft.value, found);
  if (lines == 0 && draft.sites.empty() && found.errors() == 0)
    found.error(
        draft.inventory_file ? place{draft.value.inventory_file, 1, 1}
        : draft.sites_file   ? place{draft.value.sites_file, 1, 1}
                             : draft.root,
        {"清单是空的：没有专线也没有网站可监测", "the inventory is empty: there is no line and no site to watch"});
}

}  // namespace
}  // namespace reading

load_result load(const std::string& path, const surroundings& from) {
  using namespace reading;
  findings found;
  const auto text = read_text(path, from, found);
  if (!text) return problems{found.sorted_errors(path)};
  config_draft draft = read_config(*text, path, from, found);
  read_sites_file(draft, from, found);
  draft.anchors_among_lines = from.lines.has_value();
  std::optional<std::string> csv = from.lines ? from.lines : read_inventory(draft, from, found);
  std::optional<line_table> table;
  // What stands in for the inventory is ours alone.
  if (csv) table.emplace(std::move(*csv), draft.value.inventory_file, draft, draft.value.nodes && !from.lines, found);
  std::vector<line_table::row> none;
  assembly together(draft, from, found);
  const bool has_lines = table.has_value();
  const whole_list* const whole = has_lines ? table->whole() : nullptr;
  const std::size_t lines = whole != nullptr ? whole->size() : has_lines ? table->rows().size() : 0;
  draft.value.targets = together.build(has_lines ? table->rows() : none, has_lines ? &*table : nullptr);
  // A trace's lines are ours alone; what contracts say of others' was looked at with the list.
  if (!from.lines || !draft.value.nodes) check_contracts(draft.contracts, *draft.value.targets, whole, found);
  check_report_addresses(draft.contracts, draft.value.alerts, found);
  for (contract_draft& c : draft.contracts) draft.value.contracts.push_back(std::move(c.what));
  whole_file_rules(draft, lines, whole, from.kinds, found);
  draft.value.words = read_alert_words(draft.value.alerts.words_dir, from, found);
  // Last of all: many of them leave no room for other warnings.
  if (has_lines) warn_of_twins(*draft.value.targets, table->rows(), *table, found);
  if (found.errors() > 0) return problems{found.sorted_errors(path)};
  draft.value.fast_budget = draft.fast_budget.value_or(together.budget());
  return loaded{std::move(draft.value), found.sorted_warnings(path)};
}

}  // namespace changtong
