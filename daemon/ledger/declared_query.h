#pragma once
/** Which of the declarations of a kind (core/declaration.h) are asked for. */
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/core/instant.h"

namespace changtong::ledger {

/** What is left as it is asks for nothing. */
struct declared_query {
  std::optional<std::pair<std::string, std::string>> keys{};  ///< whose key lies in between, both included
  period about{wall_min, wall_max};                           ///< that are about an instant in it
};

/** Of one key; of any where it is empty. */
[[nodiscard]] inline std::optional<std::pair<std::string, std::string>> only(std::string_view key) {
  if (key.empty()) return std::nullopt;
  return std::pair(std::string(key), std::string(key));
}

}  // namespace changtong::ledger
