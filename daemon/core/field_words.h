#pragma once
/** What a field of a described struct (fields.h) is called in sentences about it. */
#include <string_view>

#include "daemon/core/fields.h"

namespace changtong {

struct field_words {
  std::string_view chinese, english;
};
/** Of the field of that name. */
template <class T>
constexpr field_words words_of(std::string_view name) {
  field_words words;
  each_field<T>([&](const auto& one) {
    if (one.name == name) words = {one.chinese, one.english};
  });
  return words;
}

}  // namespace changtong
