// Request classes: equal settings share one as long as anybody holds it.
#include <algorithm>

#include "collectors/shared_table.h"
#include "collectors/snmp.h"
#include "collectors/snmp_question.h"

namespace changtong {
namespace {

/** What tells classes apart. */
std::string key_of(const snmp_request_class& c) {
  std::string key = std::to_string(c.access->number);
  for (const interface_wish& w : c.wishes) key.append(1, '\0').append(w.written());
  key.append(2, '\0');
  for (const asked_interface& i : c.interfaces)
    key.append(std::to_string(i.index))
        .append(1, '/')
        .append(std::to_string(i.shown))
        .append(1, '/')
        .append(std::to_string(static_cast<int>(i.by)))
        .append(1, ' ');
  return key;
}

const shared_table<std::string, snmp_request_class>& classes() {
  static const shared_table<std::string, snmp_request_class> all;
  return all;
}

std::shared_ptr<const snmp_request_class> shared(snmp_request_class wanted) {
  std::string key = key_of(wanted);
  if (auto held = classes().find(key)) return held;
  return classes().keep(std::move(key), std::move(wanted));
}

}  // namespace

std::shared_ptr<const snmp_request_class> wished_class(std::shared_ptr<const snmp_access> access,
                                                       std::vector<interface_wish> wishes) {
  snmp_request_class c{.access = std::move(access), .wishes = std::move(wishes), .interfaces = {}};
  for (const interface_wish& w : c.wishes)
    if (w.how == interface_wish::by::index) c.interfaces.push_back({w.index, w.shown(), name_column::none});
  return shared(std::move(c));
}

std::shared_ptr<const snmp_request_class> found_class(const snmp_request_class& wished,
                                                      std::vector<asked_interface> interfaces) {
  return shared({.access = wished.access, .wishes = wished.wishes, .interfaces = std::move(interfaces)});
}

std::vector<fact_place> snmp_settings::facts() const {
  std::vector<fact_place> all{{fact_name::up_time_centiseconds}};
  const bool more = request->wishes.size() <= snmp_columns::most_interfaces_for_all;
  for (const interface_wish& w : request->wishes) {
    const std::uint32_t at = w.shown();
    const std::string name = w.how == interface_wish::by::index ? std::string() : w.text;
    for (const fact_name f : snmp_columns::names) all.push_back({f, at, name});
    if (w.how != interface_wish::by::index) all.push_back({fact_name::interface_index, at, name});
    if (!more) continue;
    for (const fact_name f :
         {fact_name::interface_admin_status, fact_name::interface_in_discards, fact_name::interface_speed_bits,
          fact_name::interface_in_use, fact_name::interface_out_use})
      all.push_back({f, at, name});
  }
  if (profile) add_profile_places(all);
  return all;
}

/** All that any profile may bring where the device decides which. */
void snmp_settings::add_profile_places(std::vector<fact_place>& to) const {
  std::vector<fact_name> seen;
  for (const device_profile& p : *profile.all) {
    if (!profile.by_system() && p.name != profile.name) continue;
    for (const profile_fact* f : facts_in_force(p, profile.options)) {
      if (std::ranges::find(seen, f->name) != seen.end()) continue;
      seen.push_back(f->name);
      if (f->index == profile_index::device) {
        to.push_back({f->name});
        continue;
      }
      for (const interface_wish& w : request->wishes)
        to.push_back({f->name, w.shown(), w.how == interface_wish::by::index ? std::string() : w.text});
    }
  }
}

}  // namespace changtong
