#pragma once
/** Whom a word of people means: a line or site by its id, name, circuit number or address. The one place for it, for
 * what people enter and for the lists they ask for. */
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/command.h"
#include "daemon/ledger/reader.h"

namespace changtong::entries {

/** Those that a word fits; at most one list is filled. */
struct meant_targets {
  std::vector<const ledger::known_target*> here;
  std::vector<const ledger::known_target*> gone;  ///< closed by `now`, or out of the inventory: nobody here fits
};
/** The one with this id, which is here whatever became of it; else all with this name, circuit, address or URL. Pure;
 * points into `all`. */
[[nodiscard]] meant_targets meant_by(std::string_view word, std::span<const ledger::known_target> all, wall_t now);

/** "L1（龙河村）、L2（青山村）", the first few. */
[[nodiscard]] std::string listed(const std::vector<const ledger::known_target*>& some);

/** Lines and sites that are in the inventory, read when first asked. Throws std::runtime_error where the ledger cannot
 * be read. */
class target_names {
 public:
  /** Both outlive it. */
  target_names(const ledger::reader& books, const civil_zone& zone, wall_t now)
      : books_(books), zone_(zone), now_(now) {}

  /** By id. */
  [[nodiscard]] const std::map<std::string_view, const ledger::known_target*>& all();
  /** The id; a refusal where nobody, several, or only one that is closed is called so: that one is named by its id. */
  [[nodiscard]] boost::system::result<std::string, refused> id_of(const std::string& word);
  /** For who only reads: the id, also of one that is gone; a refusal where nobody, or several, are called so. */
  [[nodiscard]] boost::system::result<std::string, refused> known_as(const std::string& word) const;
  /** Each of them, once, in their order. */
  [[nodiscard]] boost::system::result<std::vector<std::string>, refused> ids_of(const std::vector<std::string>& words);

 private:
  const ledger::reader& books_;
  const civil_zone& zone_;
  wall_t now_;
  std::vector<ledger::known_target> read_;
  std::map<std::string_view, const ledger::known_target*> all_;  ///< of read_
  bool is_read_ = false;
};

}  // namespace changtong::entries
