#pragma once
/** Who sent a request: the person whose bearer token it carries, and whether they may do what they ask. */
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/command.h"
#include "daemon/publish/api/context.h"

namespace changtong::api {

struct permission {
  std::string name;                     ///< of the author
  std::string via;                      ///< as author::via: whose token, from which address
  std::optional<web_response> refusal;  ///< 401 without a known token, 403 without the right or where nobody has one
};
/** Compares with every token there is, so that time does not tell which one was nearly right. The token that is
 * nobody's acts as "api" and may only reload and request: who approves has a name. */
[[nodiscard]] permission permitted(const context& from, const web_request& request, right what);

/** 503: this daemon has nobody to carry commands out. */
[[nodiscard]] web_response cannot_enter();

/** Time depends on `given`'s length alone. An empty `expected` equals nothing. */
[[nodiscard]] bool same_secret(std::string_view given, const secret& expected);

}  // namespace changtong::api
