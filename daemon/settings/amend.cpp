#include "daemon/settings/amend.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "daemon/core/csv.h"
#include "daemon/reading/words.h"
#include "daemon/settings/lines.h"

namespace changtong {

using reading::line_table;

struct amended_inventory::memory {
  std::map<std::string, result<std::string>> files;
  std::map<std::string, std::optional<std::string>> words;
};

amended_inventory::amended_inventory(std::string path, surroundings from)
    : path_(std::move(path)), from_(std::move(from)), read_(std::make_unique<memory>()) {
  static_assert(columns == line_table::columns);
  from_.read = [this, disk = from_.read](const std::string& file) {
    auto known = read_->files.find(file);
    if (known == read_->files.end()) known = read_->files.emplace(file, disk(file)).first;
    return known->second;
  };
  from_.environment = [this, real = from_.environment](const std::string& name) {
    auto known = read_->words.find(name);
    if (known == read_->words.end()) known = read_->words.emplace(name, real(name)).first;
    return known->second;
  };
}

amended_inventory::~amended_inventory() = default;

load_result amended_inventory::load() {
  auto loaded = changtong::load(path_, from_);
  if (!loaded) return loaded;
  zone_ = loaded->value.zone;
  current_ = loaded->value.targets;
  for (const target& t : current_->targets) {
    if (t.kind != target_kind::line) continue;
    places_.emplace(t.id, rows_.size());
    rows_.push_back(row_of(t, *current_));
  }
  return loaded;
}

amended_inventory::row amended_inventory::row_of(const target& t, const inventory& inv) {
  row r;
  const auto instant = [](const std::optional<wall_t>& at) {
    return at ? civil_zone::named("UTC").value().format(*at) : std::string{};
  };
  r[line_table::id] = t.id;
  r[line_table::name] = t.name;
  r[line_table::category] = t.category;
  r[line_table::unit] = t.unit;
  r[line_table::town] = t.town;
  r[line_table::carrier] = t.carrier;
  r[line_table::circuit] = t.circuit;
  if (t.bandwidth_mbps > 0) r[line_table::bandwidth] = fmt::format("{:.12f}", t.bandwidth_mbps);
  for (const ip_address& a : t.addresses)
    r[line_table::address] += (r[line_table::address].empty() ? "" : " ") + to_string(a);
  r[line_table::parent] = t.parent;
  r[line_table::accepted] = instant(t.accepted);
  r[line_table::closed] = instant(t.closed);
  r[line_table::grade] = t.grade;
  if (!t.witness) r[line_table::witness] = "no";
  for (std::uint32_t i = 0; i < t.check_count; ++i)
    r[line_table::checks] += (i == 0 ? "" : " ") + inv.checks[t.first_check + i].spec;
  return r;
}

std::string amended_inventory::csv() const {
  std::string out;
  for (std::size_t c = 0; c < columns; ++c) {
    out += c == 0 ? "" : ",";
    out += line_table::headings()[c].english;
  }
  for (const row& r : rows_) {
    out += "\n";
    for (std::size_t c = 0; c < columns; ++c) {
      out += (c == 0 ? "" : ",") + csv_quoted(r[c]);
    }
  }
  return out + "\n";
}

/** The inventory with one row changed (or appended), or everything as before. */
amended_inventory::answer amended_inventory::with(std::size_t place, row changed) {
  const bool fresh = place == rows_.size();
  if (fresh) rows_.emplace_back();
  std::swap(rows_[place], changed);
  from_.lines = csv();
  auto loaded = changtong::load(path_, from_);
  if (!loaded) {
    std::swap(rows_[place], changed);
    if (fresh) rows_.pop_back();
    return said(words_of(loaded.error().list.front()));
  }
  places_.emplace(rows_[place][line_table::id], place);
  auto made = std::make_shared<inventory>(*loaded->value.targets);
  for (const auto& [id, scope] : site_scopes_) {
    target& site = made->targets[made->index_of(id)];
    std::tie(site.accepted, site.closed) = scope;
  }
  current_ = std::move(made);
  return current_;
}

amended_inventory::answer amended_inventory::put(const cells& line) {
  row r;
  for (const auto& [key, text] : line) {
    const auto h = std::ranges::find_if(line_table::headings(),
                                        [&](const auto& each) { return each.english == key || each.chinese == key; });
    if (h == line_table::headings().end()) {
      std::vector<std::string_view> known;
      for (const auto& each : line_table::headings()) known.insert(known.end(), {each.english, each.chinese});
      return said(reading::unknown_word({"表头", "heading"}, key, known));
    }
    std::string& cell = r[static_cast<std::size_t>(h - line_table::headings().begin())];
    if (!cell.empty())
      return said(both("表头 '{}' 出现两次：请删去一个", "heading '{}' stands twice: remove one", key));
    cell = text;
  }
  const auto known = places_.find(std::string(reading::trim(r[line_table::id])));
  return with(known == places_.end() ? rows_.size() : known->second, std::move(r));
}

amended_inventory::answer amended_inventory::rescope(const std::string& id, const std::optional<std::string>& accepted,
                                                     const std::optional<std::string>& closed) {
  const auto known = places_.find(id);
  if (known == places_.end()) {
    const target* t = current_->find(id);
    if (t == nullptr || t->kind != target_kind::site)
      return said(both("{} 不是专线也不是网站：请写清单中的编号",
                       "{} is no line and no site: name one of the inventory", reading::quote(id)));
    return rescope_site(*t, accepted, closed);
  }
  row r = rows_[known->second];
  if (accepted) r[line_table::accepted] = *accepted;
  if (closed) r[line_table::closed] = *closed;
  return with(known->second, std::move(r));
}

amended_inventory::answer amended_inventory::rescope_site(const target& site,
                                                          const std::optional<std::string>& accepted,
                                                          const std::optional<std::string>& closed) {
  std::pair scope{site.accepted, site.closed};
  for (auto& [text, edge] : {std::pair{&accepted, &scope.first}, std::pair{&closed, &scope.second}}) {
    if (!*text) continue;
    edge->reset();
    if ((*text)->empty()) continue;
    const auto at = reading::parse_scope_edge(*zone_, **text);
    if (!at) return at.error();
    *edge = *at;
  }
  if (scope.first && scope.second && *scope.second <= *scope.first)
    return said({"closed 不晚于 accepted：该网站将永远不在统计范围内",
                 "closed is not after accepted: the site would never be in scope"});
  site_scopes_[site.id] = scope;
  auto made = std::make_shared<inventory>(*current_);
  std::tie(made->targets[made->index_of(site.id)].accepted, made->targets[made->index_of(site.id)].closed) = scope;
  current_ = std::move(made);
  return current_;
}

}  // namespace changtong
