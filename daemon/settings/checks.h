#pragma once
/** `kind:key=value,key=value` -> checks. Each spelling is parsed once and its settings are shared by all its checks.
 * Internal to daemon/settings. */
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/settings/draft.h"

namespace changtong::reading {

/** One spelling. A value may hold %XX for bytes that separate (space, comma, percent). */
struct parsed_check {
  std::string spec{};
  kind_index kind = 0;
  check_role role = check_role::reach;
  bool role_stated = false;
  timing_layer when{};
  timing_layer usual{};  ///< what its settings say of themselves (check_settings::usual)
  std::string to{};      ///< which address: its number from 1 or itself; empty = the first
  std::shared_ptr<const check_settings> settings{};
  std::optional<phrase> wrong{};  ///< unusable, and why
  std::size_t wrong_offset = 0;   ///< where in the spelling, in bytes
};

class check_reader {
 public:
  check_reader(const config_draft& draft, const surroundings& from, findings& found);
  check_reader(const check_reader&) = delete;
  check_reader& operator=(const check_reader&) = delete;

  /** Never null; lives as long as the reader. Errors are the caller's to report, since only it knows the place. */
  const parsed_check& read(std::string_view spec);
  /** The one check of a site; reports its own errors. Empty after one. */
  std::optional<parsed_check> read_site(const site_draft& site);

  /** Timing of `c` for a target of `category`; `at` tells where the check stands. `line_defaults` belong to reach
   * checks of lines; of them, and of its category unless the target is a site, a service (http, dns) takes only the
   * confirm counts.
   */
  timing when(const parsed_check& c, const target& of, const timing_layer& own, const where& at);
  /** Appends the check to the inventory: id, address, timing. False after reporting that `to` fits no address. */
  bool append(inventory& into, target_index index, const parsed_check& c, const timing_layer& own, const where& at);

  void set_default_interval(milliseconds interval) { foundation_.interval = stated<milliseconds>{interval, {}}; }

 private:
  parsed_check parse(std::string_view spec);
  /** One key=value at `at`: taken here, or appended for the kind. False after noting what is wrong. */
  static bool take_pair(parsed_check& into, kind_arguments& rest, std::string_view kind, std::string_view pair);
  void finish(parsed_check& into, kind_arguments arguments, const std::vector<std::size_t>& offsets);
  const credential* find_credential(std::string_view name) const;

  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  const config_draft& draft_;
  const surroundings& from_;
  findings& found_;
  std::unordered_map<std::string, std::unique_ptr<parsed_check>, hash, std::equal_to<>> known_;
  std::unordered_map<std::string_view, const timing_layer*> categories_;
  std::vector<timing_layer> built_in_, kinds_;  ///< by kind_index
  timing_layer foundation_{};                   ///< the default interval, which depends on the number of lines
  timing_layer service_defaults_{};             ///< the confirm counts of `defaults`
};

}  // namespace changtong::reading
