#pragma once
/** A sample of each kind of declaration that a test does not bring itself: a kind that came later needs no line in the
 * tests that are about all of them. */
#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "daemon/core/declaration.h"

namespace changtong::ledger::desk {

inline void fill(std::string& text, std::string_view name, bool checked) { text = checked ? "7" : name; }
inline void fill(wall_t& instant, std::string_view name, bool /*checked*/) {
  instant = wall_from_ms(1'773'417'600'000 + static_cast<std::int64_t>(name.size()) * 1000);
}
inline void fill(std::int64_t& number, std::string_view /*name*/, bool /*checked*/) { number = 7; }
template <named_value E>
void fill(E& one, std::string_view /*name*/, bool /*checked*/) {
  one = values_of<E>::all[1];
}

/** Each of its fields says something, or only those that always have to. */
template <class T>
T sample(bool everything) {
  T declared{};
  each_field<T>([&](const auto& f) {
    if (everything || f.stands != presence::if_any) fill(f.of(declared), f.name, f.good != nullptr);
  });
  return declared;
}

/** For every kind of which `all` has none: one without what may be left out, one with everything. */
template <class Variant, class... T>
void add_what_is_missing(std::vector<Variant>& all, types<T...> /*declared*/) {
  const auto add = [&]<class D>(types<D>) {
    if (std::ranges::any_of(all, [](const Variant& v) { return std::holds_alternative<D>(v); })) return;
    for (const bool everything : {false, true}) all.emplace_back(sample<D>(everything));
  };
  (add(types<T>{}), ...);
}

}  // namespace changtong::ledger::desk
