#include "collectors/snmp_profile.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "collectors/snmp_names.h"
#include "daemon/core/phrase.h"

namespace changtong {
namespace {

using rows_t = std::vector<snmp_walk::row>;

const wire::object_name entity_names{1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 7};
const wire::object_name entity_aliases{1, 3, 6, 1, 2, 1, 47, 1, 3, 2, 1, 2};
const wire::object_name if_indexes{1, 3, 6, 1, 2, 1, 2, 2, 1, 1};
constexpr std::int64_t microwatts_of_a_milliwatt = 1000;
constexpr double of_fact = 1000;  ///< a dBm is told in thousandths

const rows_t& rows_of(const snmp_columns_read& read, const wire::object_name& column) {
  static const rows_t none;
  const auto found = read.find(column);
  return found == read.end() ? none : found->second;
}

const snmp_walk::row* row_at(const rows_t& rows, const wire::object_name& index) {
  const auto found = std::ranges::lower_bound(rows, index, {}, &snmp_walk::row::index);
  return found == rows.end() || found->index != index ? nullptr : &*found;
}

std::optional<std::int64_t> power(std::int64_t microwatts) {
  if (microwatts <= 0) return std::nullopt;
  return std::llround(10 * std::log10(static_cast<double>(microwatts) / microwatts_of_a_milliwatt) * of_fact);
}

std::optional<std::int64_t> in_units(const profile_fact& f, std::int64_t raw) {
  constexpr std::int64_t thousandths_of_a_hundredth = 10;
  if (raw < f.least || raw > f.greatest || std::ranges::find(f.invalid, raw) != f.invalid.end()) return std::nullopt;
  switch (f.form) {
    case profile_form::microwatts:
      return power(raw);
    case profile_form::mixed:
      return raw > 0 ? power(raw) : raw * thousandths_of_a_hundredth;
    case profile_form::linear:
      break;
  }
  const double value = static_cast<double>(raw) * f.scale;
  if (!(std::abs(value) < 9e18)) return std::nullopt;
  return std::llround(value);
}

bool holds(const profile_fact& f, const snmp_columns_read& read, const wire::object_name& index) {
  if (f.where.empty()) return true;
  const auto* said = row_at(rows_of(read, f.where), index);
  if (said == nullptr || said->type != wire::snmp_object_name) return false;
  const auto name = wire::read_object_name(wire::bytes_of(said->value));
  return name && *name == f.is;
}

/** Several rows are one value. */
class joined {
 public:
  explicit joined(const profile_fact& f) : f_(f) {}
  void take(std::int64_t raw, std::optional<std::int64_t> whole) {
    if (f_.rows == profile_rows::failed) {
      if (std::ranges::find(f_.invalid, raw) != f_.invalid.end()) return;
      value_ = value_.value_or(0) + (std::ranges::find(f_.well, raw) == f_.well.end() ? 1 : 0);
      return;
    }
    if (f_.rows == profile_rows::non_zero && raw == 0) return;
    if (!f_.share_of.empty()) return add(raw, whole);
    const auto value = in_units(f_, raw);
    if (!value) return;
    if (f_.rows == profile_rows::sum)
      value_ = value_.value_or(0) + *value;
    else
      value_ = std::max(value_.value_or(*value), *value);
  }
  [[nodiscard]] std::optional<std::int64_t> value() const {
    if (f_.share_of.empty()) return value_;
    return whole_ > 0 ? std::optional(std::llround(part_ / whole_ * f_.scale)) : std::nullopt;
  }

 private:
  void add(std::int64_t raw, std::optional<std::int64_t> whole) {
    if (!whole || *whole <= 0 || raw < 0 || raw > *whole) return;
    if (f_.rows == profile_rows::sum || static_cast<double>(raw) * whole_ >= part_ * static_cast<double>(*whole)) {
      const bool sum = f_.rows == profile_rows::sum;
      part_ = static_cast<double>(raw) + (sum ? part_ : 0);
      whole_ = static_cast<double>(*whole) + (sum ? whole_ : 0);
    }
  }
  const profile_fact& f_;
  std::optional<std::int64_t> value_;
  double part_ = 0, whole_ = 0;
};

/** entPhysicalIndex -> ifIndex, as the device says it or by equal names. */
std::map<std::uint32_t, std::uint32_t> interfaces_of_entities(const snmp_columns_read& read) {
  std::map<std::uint32_t, std::uint32_t> found;
  snmp_names names;
  for (const name_column c : {name_column::if_name, name_column::if_descr}) names.add(c, rows_of(read, name_object(c)));
  for (const snmp_walk::row& r : rows_of(read, entity_names)) {
    if (r.index.size() != 1) continue;
    const auto at = names.find({interface_wish::by::name, 0, wire::name_text(r.value)});
    if (at.how == snmp_names::place::found::once) found[r.index[0]] = at.index;
  }
  for (const snmp_walk::row& r : rows_of(read, entity_aliases)) {
    const auto to = r.type == wire::snmp_object_name ? wire::read_object_name(wire::bytes_of(r.value)) : std::nullopt;
    if (!to || r.index.size() != 2 || to->size() != if_indexes.size() + 1 ||
        !std::equal(if_indexes.begin(), if_indexes.end(), to->begin()))
      continue;
    found[r.index[0]] = to->back();
  }
  return found;
}

void read_device(const profile_fact& f, const snmp_columns_read& read, std::vector<fact>& to) {
  joined all(f);
  for (const snmp_walk::row& r : rows_of(read, f.object)) {
    const auto raw = r.number();
    if (!raw || !holds(f, read, r.index)) continue;
    const auto* whole = f.share_of.empty() ? nullptr : row_at(rows_of(read, f.share_of), r.index);
    all.take(*raw, whole == nullptr ? std::nullopt : whole->number());
  }
  if (const auto value = all.value()) to.push_back({f.name, 0, *value});
}

void read_interfaces(const profile_fact& f, const snmp_columns_read& read,
                     const std::map<std::uint32_t, std::uint32_t>& entities, std::vector<fact>& to) {
  for (const snmp_walk::row& r : rows_of(read, f.object)) {
    const auto raw = r.number();
    const auto value = raw ? in_units(f, *raw) : std::nullopt;
    if (!value || r.index.empty()) continue;
    std::uint32_t index = r.index[0];
    if (f.index == profile_index::entity) {
      const auto at = entities.find(index);
      if (at == entities.end()) continue;
      index = at->second;
    }
    to.push_back({f.name, index, *value});
  }
}

}  // namespace

result<profile_wish> parse_profile_wish(std::string_view text, std::shared_ptr<const device_profiles> all) {
  profile_wish wish{.all = std::move(all), .name = std::string(text.substr(0, text.find('+'))), .options = {}};
  for (std::size_t at = text.find('+'); at != std::string_view::npos; at = text.find('+', at + 1))
    wish.options.emplace_back(text.substr(at + 1, text.find('+', at + 1) - at - 1));
  if (!wish.all) return said({"snmp: profile 没有可用的设备画像", "snmp: profile: no profiles are loaded"});
  const auto fits = [&](const device_profile& p) { return wish.by_system() || p.name == wish.name; };
  if (std::ranges::none_of(*wish.all, fits)) {
    phrase known = as_written("auto");
    std::string_view meant;
    for (const device_profile& p : *wish.all) {
      known.cn.append("、").append(p.name);
      known.en.append(", ").append(p.name);
      if (!wish.name.empty() && p.name.starts_with(wish.name)) meant = p.name;
    }
    if (!meant.empty())
      return said(both("snmp: profile `{}` 不存在：是否应为 `{}`？（可用 {}）",
                       "snmp: profile: there is no `{}`: did you mean `{}`? (there are {})", wish.name, meant, known));
    return said(both("snmp: profile `{}` 不存在（可用 {}）", "snmp: profile: there is no `{}` (there are {})",
                     wish.name, known));
  }
  for (const std::string& o : wish.options) {
    const auto has = [&](const device_profile& p) {
      return fits(p) && std::ranges::find(p.facts, o, &profile_fact::option) != p.facts.end();
    };
    if (o.empty() || std::ranges::none_of(*wish.all, has))
      return said(both("snmp: profile {} 没有选项 `{}`", "snmp: profile: {} has no option `{}`", wish.name, o));
  }
  return wish;
}

std::vector<const profile_fact*> facts_in_force(const device_profile& p, const std::vector<std::string>& options) {
  std::vector<const profile_fact*> all;
  const auto same = [&](const profile_fact& f) {
    return std::ranges::find_if(all, [&](const profile_fact* o) { return o->name == f.name; });
  };
  for (const profile_fact& f : p.facts)
    if (f.option.empty() && same(f) == all.end()) all.push_back(&f);
  for (const profile_fact& f : p.facts) {
    if (f.option.empty() || std::ranges::find(options, f.option) == options.end()) continue;
    const auto other = same(f);
    other == all.end() ? all.push_back(&f) : static_cast<void>(*other = &f);
  }
  return all;
}

std::vector<wire::object_name> columns_of(const std::vector<const profile_fact*>& facts, bool interfaces) {
  std::vector<wire::object_name> all;
  const auto add = [&](const wire::object_name& column) {
    if (!column.empty() && std::ranges::find(all, column) == all.end()) all.push_back(column);
  };
  bool entities = false;
  for (const profile_fact* f : facts) {
    if (f->index != profile_index::device && !interfaces) continue;
    add(f->object);
    add(f->share_of);
    add(f->where);
    entities = entities || f->index == profile_index::entity;
  }
  if (!entities) return all;
  for (const auto& column :
       {entity_aliases, entity_names, name_object(name_column::if_name), name_object(name_column::if_descr)})
    add(column);
  return all;
}

std::vector<fact> read_profile(const std::vector<const profile_fact*>& facts, const snmp_columns_read& read) {
  std::vector<fact> told;
  const auto entities = interfaces_of_entities(read);
  for (const profile_fact* f : facts)
    f->index == profile_index::device ? read_device(*f, read, told) : read_interfaces(*f, read, entities, told);
  return told;
}

}  // namespace changtong
