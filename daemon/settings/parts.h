#pragma once
/** Parts of the settings that one part of the daemon each takes; see settings.h. */
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/degrade_limits.h"
#include "daemon/core/directory.h"
#include "daemon/core/instant.h"
#include "daemon/core/proxies.h"
#include "daemon/core/secret.h"

namespace changtong {

namespace plans {
struct plan;
}

/** Files, PEM, as paths already relative to the working directory; both empty: no TLS. */
struct tls_settings {
  std::string certificate, key;
  std::string client_ca{};  ///< of a centre alone: nodes show a certificate of this CA; empty: none is asked for
  friend bool operator==(const tls_settings&, const tls_settings&) = default;
};

/** What the books take from people's entries; part of the policy in the journal. */
struct entry_policy {
  bool late_approval = false;   ///< a window approved after it began takes its time out all the same
  milliseconds window_lead{0};  ///< approved less than this before it begins it takes nothing out; 0: not asked for
  std::int64_t duty_coverage_ppm =
      990'000;                  ///< a day of operation needs so much coverage (rules.md 4.5), 1 .. 1,000,000
  bool duty_automatic = false;  ///< the monitor's own daily check is a duty record
};

/** For display and alarms only, never the books: flapping from `changes` confirmed transitions within `within`,
 * until half as many or fewer are left in it. */
struct flap_limits {
  std::uint16_t changes = 6;            ///< 3 .. 100
  milliseconds within{30 * 60 * 1000};  ///< 1 min .. 24 h
};

/** How much is kept in memory of delay, loss, traffic and optical power, to be looked at. */
struct recent_limits {
  static constexpr std::size_t usual_targets = 20'000;  ///< up to which something is kept without being asked for
  /** Of all targets together, 1 .. 4096; too little shortens the span of 24 h. None: 64, beyond usual_targets nothing,
   * for a monitor of a hundred thousand lines has better uses for it and a Prometheus beside it. */
  std::optional<std::uint32_t> memory_mb;
  /** What is kept of so many targets, in MB. */
  [[nodiscard]] std::uint32_t of(std::size_t targets) const {
    return memory_mb.value_or(targets <= usual_targets ? 64 : 0);
  }
};

/** How civil days are sealed, and who else is told. */
struct seal_settings {
  std::string key_file;               ///< path as `ledger`; empty: beside the ledger
  std::string algorithm = "ed25519";  ///< or sm2; of a key that has to be made
  std::string url;                    ///< each seal is posted here: https, or http to loopback; empty: nowhere
  secret url_token;                   ///< sent as a bearer token; may be empty
  std::string url_ca_file;            ///< whom TLS believes; empty: the system's store
};

/** The other node of a pair: what each writes the other keeps as a second book. */
struct peer_settings {
  std::string url;      ///< https, or http to loopback, without a path of ours; never empty
  secret token;         ///< one of both, of at least 16 bytes: sent, and asked of whoever ships to us
  std::string ca_file;  ///< whom TLS believes; empty: the system's store
  bool second = false;  ///< tells people only what the other one has not told
};

/** Brokers of NATS, and as whom we come to them. */
struct broker_settings {
  std::vector<std::string> servers;  ///< host:port, any of them will do; never empty
  bool tls = true;                   ///< to all of them
  std::string ca_file;               ///< whom TLS believes; empty: the system's store
  std::string user;                  ///< empty: `token` is shown
  secret password, token;
  friend bool operator==(const broker_settings&, const broker_settings&) = default;
};

/** The centre that keeps a copy of our journal, among those of other nodes. */
struct centre_settings {
  std::string url;      ///< https, or http to loopback, without a path of ours; empty: it is reached by `nats`
  secret token;         ///< by which the centre knows this node; at least 16 bytes; with `url` alone
  std::string ca_file;  ///< whom TLS believes; empty: the system's store; with `url` alone
  std::string certificate_file, key_file;  ///< shown to a centre that asks whom it talks to; both empty: none
  std::optional<broker_settings> nats;     ///< in place of `url`; the node then has a name
  bool may_probe = false;                  ///< somebody at the centre may have a target asked now; by `nats` alone
  bool may_request = false;                ///< and may request maintenance windows, which people here approve
  bool may_approve = false;                ///< and may approve or refuse what waits here for an approval
};

/** One of the nodes that share a list, and what it takes: a line goes where the top of its parents' tree goes. */
struct node_share {
  std::string name;
  std::vector<std::string> categories, towns;  ///< what any of them names; all lists empty where ids decide
  bool others = false;                         ///< what no node names
  std::size_t lines = 0, sites = 0;            ///< how many the list gives it
};

/** How one list of lines and sites is divided: the same on every node but for `self`. Each target has one node. */
struct node_division {
  std::vector<node_share> all;  ///< 2 .. 100, of different names
  bool by_id = false;           ///< by a hash of the top's id, evenly
  std::size_t self = 0;         ///< which of them is ours
};

/** The evaluation 绩效自评 that the daemon keeps in view during the year. */
struct evaluation_settings {
  std::string plan_file;  ///< path as `ledger`
  std::string plan_text;  ///< as it was read: a plan that changed on disk counts from the next reload on
  std::shared_ptr<const plans::plan> plan;  ///< checked; never null
  milliseconds every{10 * 60'000};          ///< between two evaluations; 10 s .. 24 h
};

}  // namespace changtong
