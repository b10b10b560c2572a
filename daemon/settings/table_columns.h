#pragma once
/** The tables that people keep of what is watched, lines.csv and the file of sites: what stands in their columns. */
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/core/phrase.h"
#include "daemon/core/target.h"

namespace changtong::reading {

struct table_columns {
  struct heading {
    std::string_view english, chinese;
    bool kept_back = false;  ///< a secret may stand in it: nobody reads or changes it but in the file
    [[nodiscard]] phrase words() const { return {std::string(chinese), std::string(english)}; }
  };
  target_kind of{};                    ///< line or site
  std::string_view file;               ///< what it is called where nobody calls it otherwise
  std::string_view key;                ///< of the configuration, which names it
  phrase one;                          ///< of its rows
  std::string_view like;               ///< an id
  std::span<const heading> headings;   ///< in their order; the English ones are the keys of YAML and JSON
  std::size_t id = 0, closed = 0;      ///< places in it
  std::span<const std::size_t> first;  ///< places of those that a new file begins with

  /** Which of them is called so, in either language; ASCII capitals are the same. */
  [[nodiscard]] std::optional<std::size_t> named(std::string_view word) const;
};

/** Their places are those of line_columns::column. */
[[nodiscard]] const table_columns& columns_of_lines();
/** The keys of a site in the configuration. */
[[nodiscard]] const table_columns& columns_of_sites();

}  // namespace changtong::reading
