#pragma once
/** An inventory that changes line by line, as a trace tells it: each change is read by the same code, with the same
 * checks and the same sentences, as lines.csv. Keeps what it has read of disk, so that a configuration edited meanwhile
 * does not slip in. One thread. */
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/settings/settings.h"

namespace changtong {

class amended_inventory {
 public:
  /** `path`: the configuration's, loaded already; `from` as it was loaded with. */
  amended_inventory(std::string path, surroundings from);
  ~amended_inventory();
  amended_inventory(const amended_inventory&) = delete;
  amended_inventory& operator=(const amended_inventory&) = delete;

  /** Settings as they were loaded: the first thing to ask for, and asked for once. */
  [[nodiscard]] load_result load();

  using answer = result<std::shared_ptr<const inventory>>;
  /** heading (English or Chinese) -> text, as in lines.csv; what is not named is empty. */
  using cells = std::vector<std::pair<std::string, std::string>>;
  /** A new line, or one that is there by another row. An id that begins with "anchor" is an anchor. After a problem
   * (a sentence with its remedy, no place) nothing has changed. */
  [[nodiscard]] answer put(const cells& line);
  /** Accepted and closed as in lines.csv; not given stays as it was, empty means none. A site's too. */
  [[nodiscard]] answer rescope(const std::string& id, const std::optional<std::string>& accepted,
                               const std::optional<std::string>& closed);
  /** An anchor with the default check. */
  [[nodiscard]] answer add_anchor(const std::string& id) { return put({{"id", id}}); }

 private:
  static constexpr std::size_t columns = 15;  ///< of lines.csv
  using row = std::array<std::string, columns>;

  [[nodiscard]] static row row_of(const target& t, const inventory& inv);
  [[nodiscard]] answer with(std::size_t place, row changed);
  [[nodiscard]] answer rescope_site(const target& site, const std::optional<std::string>& accepted,
                                    const std::optional<std::string>& closed);
  [[nodiscard]] std::string csv() const;

  std::string path_;
  surroundings from_;
  struct memory;
  std::unique_ptr<memory> read_;
  std::vector<row> rows_;
  std::map<std::string, std::size_t> places_;
  std::map<std::string, std::pair<std::optional<wall_t>, std::optional<wall_t>>> site_scopes_;
  std::shared_ptr<const inventory> current_;
  std::optional<civil_zone> zone_;
};

}  // namespace changtong
