#pragma once
/** Text -> checked structs: the only folder that knows YAML or CSV, and the one place with defaults.
 *
 * load() reads the configuration and the inventory that it names, checks everything, and gives either settings that are
 * wholly usable or every problem found (promise 7: nothing of a bad configuration takes effect). It keeps no state,
 * starts nothing, touches disk and environment only through `surroundings`, and may be called on any thread.
 * Keys, bounds and defaults: config/changtong.yaml. Prose: README.md here. */
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "collectors/registry.h"
#include "daemon/core/alert_settings.h"
#include "daemon/core/civil.h"
#include "daemon/core/command.h"
#include "daemon/core/contract.h"
#include "daemon/core/log.h"
#include "daemon/core/message_words.h"
#include "daemon/core/name_server.h"
#include "daemon/core/phrase.h"
#include "daemon/core/result.h"
#include "daemon/core/secret.h"
#include "daemon/core/series_group.h"
#include "daemon/core/target.h"
#include "daemon/settings/district_map.h"
#include "daemon/settings/parts.h"

namespace changtong {

struct listen_address {
  ip_address address;
  std::uint16_t port = 8080;
};

/** Whether and how traps of devices are heard. */
struct trap_settings {
  std::optional<listen_address> listen;  ///< none: they are not
  std::vector<std::string> credentials;  ///< names of those that may be used; never empty where it listens
  std::uint32_t burst = 30;              ///< entries that a line may have at once, 1 .. 1000
  std::uint32_t per_hour = 4;            ///< and from then on, 1 .. 3600
};

/** What a category says for its reach checks, resolved: defaults with its own values laid over. */
struct category_policy {
  category what;
  timing when;
};

/** What a check of this kind gets when neither its category nor itself says more. */
struct kind_policy {
  std::string name;
  timing when;
};

struct settings {
  std::string file;  ///< the configuration's path, as given
  civil_zone zone;
  listen_address listen;
  tls_settings tls;
  bool listen_in_clear = false;  ///< the first of two times that somebody has to say so
  std::string ledger;            ///< path, already relative to the working directory
  std::string node;              ///< whose books: plain text, at most 64 bytes; the host's name where nothing is stated
  std::string inventory_file, sites_file{};  ///< paths, as above; empty: lines, or a file of sites, are not named
  secret api_token;                          ///< nobody's: may reload and request; empty: no such token
  std::vector<person> people;                ///< who may do what over HTTP; names and tokens differ
  proxy_settings proxies{};                  ///< who hands requests on to us
  std::shared_ptr<const directory_settings> directory{};  ///< whose passwords are known elsewhere; null: nobody's
  entry_policy entries;
  log::level log_level = log::level::info;
  timing defaults;                          ///< of reach checks of lines
  std::vector<category_policy> categories;  ///< display order; the same ids as targets->categories
  std::vector<kind_policy> kinds;
  std::vector<credential> credentials;
  std::vector<std::string> profile_files{};           ///< paths of profiles of one's own
  std::shared_ptr<const device_profiles> profiles{};  ///< of devices, those among them; never null after load()
  std::vector<name_server> name_servers;  ///< asked in turn for the names of sites; empty: the machine's own
  degrade_limits degrade;
  flap_limits flap;
  recent_limits recent;
  seal_settings seal;
  std::optional<peer_settings> peer;
  std::optional<centre_settings> centre;
  std::optional<node_division> nodes;  ///< none: every line and site of the list is ours
  std::uint32_t fast_budget = 2000;    ///< fast questions a second; resolved: as many as regular ones, at least 2,000
  std::vector<contract> contracts;
  report_wishes report;
  series_groups without_series;  ///< what /metrics leaves out
  std::optional<evaluation_settings> evaluation;
  std::shared_ptr<const district_map> map{};  ///< towns as areas; null: none is stated
  std::string console{};                      ///< folder of its built files; empty: looked for beside the program
  trap_settings traps;
  alert_settings alerts;                       ///< no channels: nobody is told by us
  std::shared_ptr<const message_words> words;  ///< of alerts; never null after load()
  std::shared_ptr<const inventory> targets;    ///< lines, sites, anchors with their checks; never null
};

/** The world as load() sees it; a test passes maps, main the real ones. */
struct surroundings {
  /** The whole file, or a problem whose text says why not ("no such file"). Must refuse more than 256 MB. */
  std::function<result<std::string>(const std::string& path)> read;
  std::function<std::optional<std::string>(const std::string& name)> environment;
  /** Whether users other than owner and group may read the file (for a warning). */
  std::function<bool(const std::string& path)> open_to_others;
  std::span<const kind> kinds;
  /** Stands in for the inventory file (amend.h); ids that begin with "anchor" are then anchors, with neither category
   * nor address needed. */
  std::optional<std::string> lines{};
  /** Names the node where the configuration does not; empty: it then has no name. */
  std::string host{};
};

struct loaded {
  settings value;
  std::vector<problem> warnings;  ///< in file order; usable all the same
};

using load_result = boost::system::result<loaded, problems>;
[[nodiscard]] load_result load(const std::string& path, const surroundings& from);
/** With disk, environment and kinds() of this process. */
[[nodiscard]] load_result load(const std::string& path);
/** Disk and environment of this process; `kinds` as given. */
[[nodiscard]] surroundings real_surroundings(std::span<const kind> kinds);
/** The same for a daemon at work, which waits for nobody: a pipe or a device is a problem. */
[[nodiscard]] surroundings plain_surroundings(std::span<const kind> kinds);

/** A difference that a reload makes, as a sentence for the log and `check --against`; never a secret. */
struct change {
  std::string subject;  ///< a target's id or a key such as "defaults.interval"
  phrase text;          ///< "专线 V012 有变：…", "line V012 changed: carrier from '电信' to '移动'"
};
/** Keys first, then targets in order: removed, added, changed. Empty when nothing differs. */
[[nodiscard]] std::vector<change> compare(const settings& old_one, const settings& new_one);

/** What the books depend on besides the inventory, for the journal: one line of JSON, canonical (equal policies give
 * equal bytes), without secrets: {"zone":…,"defaults":{…},"kinds":[…],"categories":[…],
 * "classes":[…],"contracts":[…],"report":{…}}; the last two only where something is stated. A class is a timing that
 * reach checks of a category and kind really have: what the shortest guaranteed outage follows from. */
[[nodiscard]] std::string policy_json(const settings& s);

/** For `changtong check`: a summary of what was loaded and the warnings (each after this), many lines, no secrets. */
inline constexpr std::string_view warning_head = "警告 / warning:";
[[nodiscard]] std::string describe(const loaded& l);

}  // namespace changtong
