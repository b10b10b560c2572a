#pragma once
/** Schemas of what people enter, as bodies, answers and lists. They follow from the tables of core/declaration.h, as
 * do the reading of those bodies (entries/command_json.h) and the answers (entries.cpp). */
#include <string>
#include <string_view>

#include "daemon/core/declaration.h"

namespace changtong::api {

/** An object: the schemas by name. */
[[nodiscard]] std::string entry_schemas();

/** The member of an answer that holds a list of T: as the end of its address. */
template <class T>
constexpr std::string_view list_name() {
  constexpr std::string_view path = [] {
    if constexpr (has_command<T>)
      return description<typename description<T>::command>::path;
    else
      return description<T>::path;
  }();
  return path.substr(path.rfind('/') + 1);
}

}  // namespace changtong::api
