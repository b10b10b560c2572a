#pragma once
/** A declaration (core/declaration.h) as the API shows it. */
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "daemon/core/civil.h"
#include "daemon/core/declaration.h"
#include "daemon/core/json.h"

namespace changtong::api {

// How a type of field is shown.
inline void put(json_object& o, std::string_view key, const std::string& text, const civil_zone& /*zone*/) {
  o.add(key, text);
}
inline void put(json_object& o, std::string_view key, std::int64_t number, const civil_zone& /*zone*/) {
  o.add(key, number);
}
inline void put(json_object& o, std::string_view key, wall_t at, const civil_zone& zone) {
  o.add(key, zone.format(at));
}
template <named_value E>
void put(json_object& o, std::string_view key, E one, const civil_zone& /*zone*/) {
  o.add(key, name_of(one));
}

/** What the record says, all of it, in the journal's order; when it was entered stands with who entered it, if
 * anybody did. */
template <class T>
void add_fields(json_object& o, const T& r, const civil_zone& zone) {
  constexpr bool has_author = requires { r.author; } || requires { r.by; };
  each_field<T>([&](const auto& f) {
    if (f.name == "at" && has_author) return;
    if (f.name == "author" || f.name == "by") put(o, "at", r.at, zone);
    if constexpr (std::is_same_v<decltype(f.of(r)), const std::string&>)
      if (f.stands == presence::as_json) return void(o.add_raw(f.name, f.of(r)));
    if constexpr (std::is_same_v<decltype(f.of(r)), const wall_t&>)
      if (f.stands == presence::if_any && !says_something(f.of(r))) return;
    put(o, f.name, f.of(r), zone);
  });
  if constexpr (std::is_same_v<T, trap_record>) {
    const known_trap* known = find_trap(r.trap);
    o.add("name", trap_name(r.trap)).add("chinese", known == nullptr ? std::string_view() : known->cn);
  }
  if constexpr (std::is_same_v<T, duty_record>) {
    const auto day = zone.parse(r.day);
    o.add_bool("late", day && entered_late(r, day->to));
  }
}

}  // namespace changtong::api
