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
    /** Both at once, for a reader of the file: 周期（interval）. */
    [[nodiscard]] std::string both_names() const;
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
  /** A sentence about a key, `interval 1 …`, `http: tls.min …` or `… 'url'：请写 url: …`, that says in Chinese what
   * people call it: 周期（interval） 1 …. Any other stays, and so does the English. */
  [[nodiscard]] phrase in_their_words(phrase about) const;
  /** The same for who sees the name beside the sentence, as in a form: without the key. */
  [[nodiscard]] phrase without_keys(phrase about) const;
};

/** Their places are those of line_columns::column. */
[[nodiscard]] const table_columns& columns_of_lines();
/** The keys of a site in the configuration. */
[[nodiscard]] const table_columns& columns_of_sites();

}  // namespace changtong::reading
