#pragma once
/** The names of a described struct's fields (fields.h), where somebody says which of them he wants. */
#include <concepts>
#include <string_view>

#include "daemon/core/fields.h"

namespace changtong {

template <class T>
constexpr bool has_field(std::string_view name) {
  bool has = false;
  each_field<T>([&](const auto& one) { has = has || one.name == name; });
  return has;
}

/** The name of a field of T; any other word does not compile. */
template <class T>
struct field_name {
  std::string_view text;
  template <std::convertible_to<std::string_view> Name>
  consteval field_name(const Name& name) : text(name) {
    if (!has_field<T>(text)) throw "there is no such field";
  }
};

}  // namespace changtong
