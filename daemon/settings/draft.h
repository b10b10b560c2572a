#pragma once
/** The configuration as written, before it meets the inventory. Internal to daemon/settings. */
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/plain_text.h"
#include "daemon/settings/contracts.h"
#include "daemon/settings/layers.h"
#include "daemon/settings/settings.h"

namespace changtong::reading {

struct category_draft {
  category what;
  timing_layer when{};
};

struct site_draft {
  target what;
  place id_at;
  timing_layer when;
  place begin;
  place url_at;
  std::vector<std::pair<kind_arguments::pair, place>> arguments;  ///< of the http kind
};

struct anchor_draft {
  ip_address address;
  place at;
  std::string checks;  ///< as in lines.csv; empty = icmp
  place checks_at;
};

struct alerts_draft;

struct config_draft {
  settings value;  ///< what needs no inventory is final here
  std::optional<stated<std::string>> inventory_file;
  std::optional<stated<std::string>> sites_file;  ///< none: they are listed, or there are none
  timing_layer defaults;
  std::vector<category_draft> categories;  ///< built-in ones first, in display order
  std::map<std::string, timing_layer, std::less<>> kinds;
  std::vector<site_draft> sites;
  std::vector<anchor_draft> anchors;
  std::vector<contract_draft> contracts;
  std::optional<std::uint32_t> fast_budget;
  std::shared_ptr<const alerts_draft> alerts;  ///< null: the configuration has no such key
  bool anchors_among_lines = false;            ///< a trace may tell of anchors as it tells of lines
  place root;                                  ///< the file's beginning, for what concerns all of it
  place anchors_at, map_at, nodes_at;
};

/** The text of a configuration; none, and told, where it cannot be read. */
[[nodiscard]] std::optional<std::string> read_text(const std::string& path, const surroundings& from, findings& found);

/** Reads the YAML text; everything wrong goes to `found`. `file` must outlive the draft: places point to it. */
[[nodiscard]] config_draft read_config(const std::string& text, std::string_view file, const surroundings& from,
                                       findings& found);

/** A secret as text, ${NAME} or *_file; `key` names the former, `key`_file the latter. Empty after an error. */
[[nodiscard]] secret read_secret(const block& from, std::string_view key, const surroundings& world, findings& found);

/** The number of the word that stands there, 0 where the key is absent; told where it is neither. */
[[nodiscard]] std::size_t word(const block& from, std::string_view key, std::array<std::string_view, 2> words);

/** The key `tls`; of a centre it may have `ca`. What is in the files is the server's to judge; whether they are there
 * can be said here. */
[[nodiscard]] tls_settings read_tls(const yaml_node& node, std::string_view file, const surroundings& world,
                                    findings& found, bool of_centre = false);

/** The secret `token`, of at least 16 bytes. */
[[nodiscard]] secret read_token(const block& from, const surroundings& world, findings& found);

/** `text` with each ${NAME} replaced from the environment, but for those in `kept`, which stay. A problem never quotes
 * the text, only a well-formed name. */
[[nodiscard]] result<std::string> with_environment(std::string_view text, const surroundings& world,
                                                   std::span<const std::string_view> kept = {});

/** The key `evaluation`, with the plan that it names; none after an error. */
[[nodiscard]] std::optional<evaluation_settings> read_evaluation(const yaml_node& node, std::string_view file,
                                                                 const surroundings& from, findings& found);

/** The key `map`, with the file that it names; null without it or after an error. */
[[nodiscard]] std::shared_ptr<const district_map> read_map(const block& top, std::string_view file,
                                                           const surroundings& from, findings& found);
/** What of the towns and the map does not meet. */
void check_map(const config_draft& draft, const inventory& made, findings& found);

/** `path` as seen from the file that names it. */
[[nodiscard]] std::string beside(std::string_view file, std::string_view path);

/** After the token that is nobody's, which theirs must differ from. */
void read_people(config_draft& into, const yaml_node& node, const surroundings& world, findings& found);
/** Of the block `api`: who hands requests on. */
void read_proxies(config_draft& into, const block& api, findings& found);
/** The key `accounts`: the directory that knows passwords. */
void read_accounts(config_draft& into, const yaml_node& node, const surroundings& world, findings& found);
/** How alerts reach somebody: phone, mail, and the ids of robots. */
void read_contacts(person& who, const block& from);
/** The key `alerts`, after people and categories. */
void read_alerts(config_draft& into, const yaml_node& node, const surroundings& world, findings& found);
/** The keys `peer` and `centre`: where our journal is shipped to. */
void read_shipping(settings& into, const block& top, std::string_view file, const surroundings& world, findings& found);
/** Brokers of NATS, listed under the key `servers`, and as whom we come: user and password, or token. */
[[nodiscard]] broker_settings read_brokers(const block& body, std::string_view servers, std::string_view file,
                                           const surroundings& world, findings& found);
/** What leaves is not secret, but who receives it must be whom the office meant: https, or http to loopback. Told, as
 * of `key`, where it is not; empty where it is no address. */
[[nodiscard]] std::string read_receiver(const block& body, const stated<std::string>& url, std::string_view key);
/** The key `nodes`, after the categories: who of the nodes that share the list takes what. */
void read_nodes(config_draft& into, const block& top, findings& found);
/** The key `traps`, after the credentials. */
void read_traps(config_draft& into, const yaml_node& node, findings& found);
/** `127.0.0.1:8080` or `[::1]:8080`; empty, and its problem told, for anything else. */
[[nodiscard]] std::optional<listen_address> read_listen(const block& from, std::string_view key,
                                                        std::string_view example_port);
/** False, and told, for anything that is no list. */
[[nodiscard]] bool is_list(const yaml_node& node, std::string_view name, std::string_view file, findings& found);
void read_sites(config_draft& into, const yaml_node& node, findings& found);
/** Those of the file that the configuration names, if it does. `into` stays where it is: places point to its paths. */
void read_sites_file(config_draft& into, const surroundings& world, findings& found);
void read_name_servers(config_draft& into, const yaml_node& node, findings& found);
void read_credentials(config_draft& into, const yaml_node& node, const surroundings& world, findings& found);
void read_anchors(config_draft& into, const yaml_node& node, findings& found);

/** Anchors of the configuration, among what is to be watched: those that cannot do their work are errors, what is
 * merely ignored is a warning. */
void check_anchors(const config_draft& draft, const inventory& made, std::span<const kind> kinds, findings& found);

[[nodiscard]] phrase told(oddity what);
/** Empty if packets can be sent to it from here, else why not. */
[[nodiscard]] std::optional<phrase> bad_peer(const ip_address& address);
/** An instant or the midnight that begins a civil day; months and years are refused. */
[[nodiscard]] result<wall_t> parse_scope_edge(const civil_zone& zone, std::string_view text);

}  // namespace changtong::reading
