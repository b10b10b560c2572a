#pragma once
/** Every argument of every kind, from arguments.def: the one description that people read. */
#include <span>
#include <string>
#include <string_view>

#include "collectors/registry.h"

namespace changtong {

struct argument_row {
  std::string_view kind;  ///< "any": of every kind
  std::string_view key;
  std::string_view value;  ///< an example, or the words that may stand there
  std::string_view chinese, english;
};

[[nodiscard]] std::span<const argument_row> arguments();

/** The page of them all, Chinese first: how a check is written, what every kind takes, what each takes, anchors. Lines
 * of plain text. */
[[nodiscard]] std::string arguments_page(std::span<const kind> kinds);

}  // namespace changtong
