#pragma once
/** Cells of the projections in PostgreSQL, as its answers have them, and lists for its questions. Internal to
 * daemon/centre. Pure. */
#include <fmt/format.h>

#include <optional>
#include <string>

#include "daemon/availability/figures.h"
#include "daemon/centre/database.h"
#include "daemon/core/cause.h"
#include "daemon/core/declaration.h"
#include "daemon/host/digest.h"

namespace changtong::centre {

inline wall_t instant_in(const std::optional<std::string>& cell) { return wall_from_ms(whole_in(cell)); }

/** cause::none for a name that this program does not know. */
inline cause cause_in(const std::optional<std::string>& cell) {
  return cause_named(cell.value_or("")).value_or(cause::none);
}

/** Of a bytea, as `\x…`. */
inline std::string bytes_in(const std::optional<std::string>& cell) {
  if (!cell || !cell->starts_with("\\x")) return {};
  return host::from_hex(std::string_view(*cell).substr(2)).value_or("");
}

inline std::string as_bytea(std::string_view bytes) { return "\\x" + host::hex(bytes); }

/** `{1,2,3}` of what `of` says of each. */
template <class Rows, class Of>
std::string list_of(const Rows& rows, Of of) {
  std::string out = "{";
  for (const auto& row : rows) fmt::format_to(std::back_inserter(out), "{}{}", out.size() == 1 ? "" : ",", of(row));
  return out + "}";
}

/** As `outage_columns` names them. */
inline constexpr std::string_view outage_columns =
    "o.target, o.began, o.ended, o.confirmed, o.began_after, o.began_until, o.ended_after, o.ended_until, o.why, "
    "o.found, o.upstream, o.decided_by, o.after_own_uplink, o.rules";
[[nodiscard]] availability::outage outage_in(const table_row& row);

/** By what `said` tells a declaration from others of its kind, where it has any of it. */
struct said_key {
  wall_t about{};
  std::string key;
};
template <class T>
said_key key_of_said(const T& one) {
  said_key out;
  if constexpr (requires { one.about; }) out.about = one.about;
  if constexpr (requires { description<T>::key; })
    each_field<T>([&](const auto& f) {
      if constexpr (requires { out.key = f.of(one); })
        if (f.name == description<T>::key) out.key = f.of(one);
    });
  return out;
}

}  // namespace changtong::centre
