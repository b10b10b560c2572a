#include "daemon/cli/probe_device.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "collectors/net/syscalls.h"
#include "collectors/snmp.h"
#include "collectors/snmp_names.h"
#include "collectors/snmp_profile.h"
#include "collectors/wire/snmp_rows.h"
#include "daemon/cli/probe_words.h"
#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/core/plain_text.h"
#include "daemon/core/utf8.h"
#include "daemon/reading/words.h"
#include "daemon/report/columns.h"
#include "daemon/settings/profiles.h"

namespace changtong {
namespace {

using rows_t = std::vector<snmp_walk::row>;

constexpr std::size_t most_in_text = 64, most_in_json = 512;
constexpr std::size_t most_near = 3;
constexpr nanoseconds patience = std::chrono::seconds{10};
constexpr std::size_t terminal_width = 120, name_width = 26, alias_width = 40, description_width = 100;

wire::object_name system_object(std::uint32_t n) { return {1, 3, 6, 1, 2, 1, 1, n}; }
wire::object_name if_table(std::uint32_t n) { return {1, 3, 6, 1, 2, 1, 2, 2, 1, n}; }
wire::object_name if_x_table(std::uint32_t n) { return {1, 3, 6, 1, 2, 1, 31, 1, 1, 1, n}; }

const rows_t& rows_of(const snmp_columns_read& read, const wire::object_name& column) {
  static const rows_t none;
  const auto found = read.find(column);
  return found == read.end() ? none : found->second;
}

/** On one line, without what a terminal would obey. Many a sysDescr is of several. */
std::string plain(std::string_view raw) {
  std::string text = wire::name_text(raw);
  std::ranges::replace_if(text, [](char c) { return c == '\r' || c == '\n' || c == '\t'; }, ' ');
  return as_seen(text);
}

std::string text_of(const snmp_columns_read& read, std::uint32_t n) {
  const rows_t& rows = rows_of(read, system_object(n));
  return rows.empty() || rows[0].type != wire::snmp_text ? std::string() : plain(rows[0].value);
}

/** So much of it as has room in so many cells of a terminal. */
std::string cut(std::string_view text, std::size_t cells) {
  std::string_view out = shortened(text, 4 * cells);
  while (report::cells_of(out) > cells) out = shortened(out, out.size() - 1);
  return std::string(out);
}

std::string state_words(std::optional<std::int64_t> state) {
  const phrase words = state ? interface_state(*state) : phrase{};
  return words.empty() ? "-" : to_string(words);
}

std::string speed_words(std::optional<std::int64_t> mbps) {
  if (!mbps || *mbps <= 0) return "-";
  return *mbps >= 1000 && *mbps % 1000 == 0 ? fmt::format("{}G", *mbps / 1000) : fmt::format("{}M", *mbps);
}

void take_interfaces(const snmp_columns_read& read, device_seen& to) {
  std::map<std::uint32_t, device_seen::interface> all;
  const auto each = [&](const wire::object_name& column, auto take) {
    for (const snmp_walk::row& r : rows_of(read, column))
      if (r.index.size() == 1) take(all[r.index[0]], r);
  };
  each(if_table(2), [](auto& i, const auto& r) { i.name = plain(r.value); });
  each(if_x_table(1), [](auto& i, const auto& r) {
    if (auto name = plain(r.value); !name.empty()) i.name = std::move(name);
  });
  each(if_x_table(18), [](auto& i, const auto& r) { i.alias = plain(r.value); });
  each(if_table(7), [](auto& i, const auto& r) { i.admin = r.number(); });
  each(if_table(8), [](auto& i, const auto& r) { i.oper = r.number(); });
  each(if_x_table(15), [](auto& i, const auto& r) { i.mbps = r.number(); });
  for (auto& [index, i] : all) {
    i.index = index;
    to.interfaces.push_back(std::move(i));
  }
}

/** Of those that are there, the most similar first. */
std::vector<std::string> near_names(const interface_wish& wish, const std::vector<device_seen::interface>& all) {
  std::vector<std::string_view> known;
  for (const auto& i : all)
    if (const std::string& name = wish.how == interface_wish::by::alias ? i.alias : i.name; !name.empty())
      known.push_back(name);
  std::vector<std::string> near;
  while (near.size() < most_near) {
    const std::string_view one = reading::nearest(wish.text, known);
    if (one.empty()) break;
    near.push_back(cut(one, name_width));
    std::erase(known, one);
  }
  return near;
}

/** Where nothing of its interfaces could be read, nothing is said of them. */
void take_missing(const snmp_settings& s, const snmp_columns_read& read, device_seen& to) {
  if (to.interfaces.empty()) return;
  snmp_names names;
  for (const name_column c : {name_column::if_name, name_column::if_descr, name_column::if_alias})
    names.add(c, rows_of(read, name_object(c)));
  for (const interface_wish& w : s.request->wishes) {
    const bool by_number = w.how == interface_wish::by::index;
    const bool there =
        by_number ? std::ranges::find(to.interfaces, w.index, &device_seen::interface::index) != to.interfaces.end()
                  : names.find(w).how != snmp_names::place::found::missing;
    if (there) continue;
    to.missing.push_back({.wish = w.written(), .near = {}});
    if (!by_number) to.missing.back().near = near_names(w, to.interfaces);
  }
}

/** What the profile that the check takes, or that would fit, knows of this device now. */
void take_facts(const check& snmp, const snmp_settings& s, device_seen& to) {
  const device_profile* from = to.taken != nullptr ? to.taken : to.profile;
  if (from == nullptr) return;
  const auto facts = facts_in_force(*from, s.profile.options);
  const auto read = read_columns(snmp, columns_of(facts, true), patience, net::syscalls::kernel());
  const std::vector<fact> values = read_profile(facts, read);
  for (const fact_name n : facts_of_profiles) {
    const bool asked = std::ranges::find(facts, n, &profile_fact::name) != facts.end();
    const bool told = std::ranges::find(values, n, &fact::name) != values.end();
    (told ? to.told : asked ? to.empty : to.unknown).push_back(n);
  }
}

phrase facts_words(const std::vector<fact_name>& names) {
  if (names.empty()) return {"无", "none"};
  std::vector<std::string> cn, en;
  for (const fact_name n : names) {
    const phrase one = fact_words(n);
    cn.push_back(one.cn), en.push_back(one.en);
  }
  return {listed(cn).cn, listed(en).en};
}

std::string profile_text(const device_seen& d) {
  const device_profile* p = d.taken != nullptr ? d.taken : d.profile;
  if (p == nullptr) return {};
  const phrase which = d.taken != nullptr
                           ? both("采用画像 profile={}（{}）", "profile={} ({}) is taken", p->name, p->title)
                           : both("建议画像 profile={}（{}，{} 项）", "profile={} ({}), {} facts, is proposed", p->name,
                                  p->title, p->facts.size());
  const phrase what = both("有值：{}；空：{}；画像未列：{}", "told: {}; empty: {}; not in the profile: {}",
                           facts_words(d.told), facts_words(d.empty), facts_words(d.unknown));
  return fmt::format("    {}\n      {}\n", to_string(which), to_string(what));
}

std::string missing_text(const device_seen& d) {
  std::string out;
  for (const auto& m : d.missing) {
    const std::string wish = as_seen(m.wish);
    const phrase words = m.near.empty() ? both("没有接口 {}", "there is no interface {}", wish)
                                        : both("没有接口 {}；相近的有 {}", "there is no interface {}; similar: {}",
                                               wish, listed(m.near));
    out += fmt::format("    {}\n", to_string(words));
  }
  return out;
}

}  // namespace

device_seen look_at_device(const check& snmp, const device_profiles& known) {
  const std::vector<wire::object_name> columns{system_object(1), system_object(2), system_object(5),
                                               if_table(2),      if_table(7),      if_table(8),
                                               if_x_table(1),    if_x_table(15),   if_x_table(18)};
  const auto read = read_columns(snmp, columns, patience, net::syscalls::kernel());
  const auto& s = static_cast<const snmp_settings&>(*snmp.settings);
  device_seen d;
  d.description = text_of(read, 1), d.name = text_of(read, 5);
  const rows_t& system = rows_of(read, system_object(2));
  if (!system.empty() && system[0].type == wire::snmp_object_name) {
    if (const auto parts = wire::read_object_name(wire::bytes_of(system[0].value))) {
      d.object = object_text(*parts);
      d.profile = profile_for(known, *parts);
    }
  }
  if (s.profile) d.taken = s.profile.by_system() ? d.profile : profile_named(known, s.profile.name);
  take_interfaces(read, d);
  take_missing(s, read, d);
  take_facts(snmp, s, d);
  return d;
}

std::string device_text(const device_seen& d) {
  if (d.description.empty() && d.object.empty() && d.interfaces.empty()) return {};
  std::string out = fmt::format("    设备 / device: {}{}{}\n", shortened(d.description, description_width),
                                d.object.empty() ? "" : "  sysObjectID ", d.object);
  if (!d.name.empty()) out += fmt::format("    名称 / name: {}\n", shortened(d.name, description_width));
  out += profile_text(d) + missing_text(d);
  if (d.interfaces.empty()) return out;
  std::vector<std::vector<std::string>> rows;
  for (std::size_t k = 0; k < std::min(d.interfaces.size(), most_in_text); ++k) {
    const auto& i = d.interfaces[k];
    rows.push_back({std::to_string(i.index), cut(i.name, name_width), state_words(i.admin), state_words(i.oper),
                    speed_words(i.mbps), cut(i.alias, alias_width)});
  }
  const std::string table = report::in_columns({{"序号 / ifIndex", true},
                                                {"接口 / interface"},
                                                {"启用 / admin"},
                                                {"状态 / oper"},
                                                {"速率 / speed", true},
                                                {"别名 / alias"}},
                                               rows);
  for (std::size_t begin = 0, end = 0; begin < table.size(); begin = end + 1) {
    end = table.find('\n', begin);
    out += fmt::format("    {}\n", cut(std::string_view(table).substr(begin, end - begin), terminal_width - 4));
  }
  if (d.interfaces.size() > most_in_text)
    out += fmt::format("    …… 共 {} 个接口 / of {} interfaces\n", d.interfaces.size(), d.interfaces.size());
  return out;
}

std::string device_json(const device_seen& d) {
  json_array interfaces;
  const auto number = [](json_object& o, std::string_view key, std::optional<std::int64_t> value) {
    value ? o.add(key, *value) : o.add_null(key);
  };
  for (std::size_t k = 0; k < std::min(d.interfaces.size(), most_in_json); ++k) {
    const auto& i = d.interfaces[k];
    json_object o;
    o.add("if_index", static_cast<std::int64_t>(i.index)).add("name", i.name).add("alias", i.alias);
    number(o, "admin_status", i.admin);
    number(o, "oper_status", i.oper);
    number(o, "speed_mbps", i.mbps);
    interfaces.add_raw(o.text());
  }
  json_object out;
  out.add("description", d.description).add("object", d.object).add("name", d.name);
  d.profile == nullptr ? out.add_null("profile") : out.add("profile", d.profile->name);
  d.taken == nullptr ? out.add_null("profile_taken") : out.add("profile_taken", d.taken->name);
  const auto names = [](const std::vector<fact_name>& some) {
    json_array all;
    for (const fact_name n : some) all.add(name_of(n));
    return all.text();
  };
  out.add_raw("facts_told", names(d.told)).add_raw("facts_empty", names(d.empty));
  out.add_raw("facts_unknown", names(d.unknown));
  json_array missing;
  for (const auto& m : d.missing) {
    json_array near;
    for (const std::string& name : m.near) near.add(name);
    missing.add_raw(json_object().add("interface", m.wish).add_raw("near", near.text()).text());
  }
  out.add_raw("missing_interfaces", missing.text());
  return out.add_raw("interfaces", interfaces.text()).text();
}

}  // namespace changtong
