#pragma once
/** Whose books something is of, and how that is said. */
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/publish/api/api.h"

namespace changtong::api {

/** What an answer says of it; of a node that is alone, nothing. */
struct shown_view {
  enum class kind : std::uint8_t { alone, own, merged };
  kind of = kind::alone;
  std::vector<std::string> observers{}, shown{};  ///< merged: as in merged_view
  std::optional<phrase> why{};                    ///< own: why it is not of both, where nobody asked for it
  void name(json_object& out) const;
};
[[nodiscard]] shown_view shown_as(const merged_view& both);
/** Why there is nothing to lay together, be the books readable or not. */
[[nodiscard]] std::optional<phrase> alone_in(const merged_view& both);

}  // namespace changtong::api
