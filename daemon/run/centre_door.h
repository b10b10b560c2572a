#pragma once
/** Where nodes ship their journals: POST /centre/v1/entries, each by its own token, and where the settings name a CA by
 * a certificate of it that has the node's name, which are asked for before its body is read. One shipment of a node at
 * a time: another one is told so, and nobody waits for another node. The body is ledger/shipment.h's, the answer the
 * head of its copy after the commit; 409 for a fork, 503 for all that may be tried again. And how the nodes stand, for
 * programs: GET /centre/v1/nodes, by a reader's token. Any thread. */
#include <array>
#include <atomic>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "daemon/centre/archives.h"
#include "daemon/core/civil.h"
#include "daemon/core/mutex.h"
#include "daemon/core/phrase.h"
#include "daemon/core/secret.h"
#include "daemon/core/web.h"
#include "daemon/publish/metrics/centre_page.h"
#include "daemon/settings/centre_file.h"

namespace changtong {

/** Nothing for who may read, by `Bearer TOKEN` or, as browsers say it, name and token; else the answer that turns them
 * away. */
[[nodiscard]] std::optional<web_response> no_reader(const web_request& request,
                                                    const std::vector<centre_reader>& readers);

class centre_door {
 public:
  /** `books` outlive it. */
  centre_door(const centre_file& s, centre::archives& books);

  /** What a node brings, of whom somebody else knows that it is that node: answered as over HTTP. */
  [[nodiscard]] web_response shipped(std::string_view node, std::string_view body);
  /** A request of it was dropped, unread: it has more of them waiting than anybody may. */
  void turned_away(std::string_view node);
  /** It outlives them. */
  [[nodiscard]] std::vector<web_route> routes();
  /** Its shipments of this run; zeros for who is none. */
  [[nodiscard]] std::array<std::uint64_t, metrics::shipment_outcomes.size()> counted(std::string_view node) const;

 private:
  struct guest {
    std::string name;
    secret token;
    std::atomic_flag busy{};
    std::array<std::atomic<std::uint64_t>, metrics::shipment_outcomes.size()> counts{};
    mutex mutex_;
    std::string said GUARDED_BY(mutex_);  ///< why nothing was taken, as it was last logged
  };

  [[nodiscard]] guest* who(const web_request& request);
  [[nodiscard]] std::optional<web_response> stranger(const web_request& head);
  [[nodiscard]] web_response answer(const web_request& request);
  [[nodiscard]] web_response shipped(guest& from, std::string_view body);
  [[nodiscard]] web_response taken(guest& from, const ledger::shipment& s);
  [[nodiscard]] web_response nodes(const web_request& request);
  void say_once(guest& of, std::string_view kind, const phrase& why);

  std::deque<guest> guests_;  ///< fixed from the start on
  bool asks_certificates_;
  std::vector<centre_reader> readers_;
  civil_zone zone_;
  centre::archives& books_;
};

}  // namespace changtong
