#pragma once
/** The JSON API and the built-in status page, as routes that main mounts into publish/http. Prose: README.md here. */
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/board.h"
#include "daemon/core/cause.h"
#include "daemon/core/civil.h"
#include "daemon/core/command.h"
#include "daemon/core/door_tallies.h"
#include "daemon/core/peer_tallies.h"
#include "daemon/core/secret.h"
#include "daemon/core/tallies.h"
#include "daemon/core/web.h"
#include "daemon/ledger/reader.h"
#include "daemon/publish/api/own_view.h"

namespace changtong::evaluate {
struct evaluation;
}
namespace changtong::accounts {
class entrance;
class user_book;
}  // namespace changtong::accounts
namespace changtong::lines {
class desk;
}
namespace changtong::recent {
struct recent_target;
}

namespace changtong::api {

/** Why the daemon is not ready, for both kinds of reader. */
struct reason {
  std::string code;
  std::string text;  ///< Chinese
  std::string text_en;
};

/** What one of two observers that differ said of a line. */
struct differing_side {
  std::string observer;
  cause why = cause::none;  ///< of one that said down: its outage's
  wall_t began = wall_min;  ///< of that outage
  std::string path;         ///< down: as far as it was seen then; up: the usual one; empty: none was traced
};
/** One said up and another down, longer than half a minute (daemon/observers). */
struct difference {
  std::string target;
  period when{};
  std::vector<differing_side> up, down;
};
struct differences {
  std::size_t count = 0;
  std::vector<difference> latest{};  ///< the latest first
};

/** The books of both nodes of a pair, laid together (daemon/observers). */
struct merged_view {
  std::unique_ptr<ledger::reader> books;
  std::vector<std::string> observers;  ///< whose they are
  std::vector<std::string> shown;      ///< whose are not among them, for its clock is too far off
  /** Those that touch `p`, of one target or of all; the latest are told, at most `limit`. As long as `books`; throws
   * as they do. */
  std::function<differences(period p, wall_t now, std::string_view only, std::size_t limit)> differ{};
};

/** Everything outlives the service. Functions are called on HTTP threads, several at once. */
struct sources {
  const board_holder* boards = nullptr;
  const daemon_tallies* tallies = nullptr;
  door_tallies* door = nullptr;  ///< where refused tokens are counted; null: nowhere
  std::function<result<std::unique_ptr<ledger::reader>>()> open_ledger;
  /** Empty: this node is alone. `step` is called before each target is read; what it throws ends the reading. */
  std::function<result<merged_view>(const std::function<void()>& step)> open_merged{};
  const peer_tallies* peer = nullptr;  ///< how the copies of a pair stand; null: this node is alone
  std::function<wall_t()> now;
  std::function<civil_zone()> zone;             ///< the one in force
  std::function<secret()> token;                ///< nobody's: may reload and request as "api"; empty: there is none
  std::function<std::vector<person>()> people;  ///< those in force
  reload_command reload;
  /** The person of this name says that the host's clock is right; false: no step of it waits. May be empty. */
  std::function<bool(std::string_view by)> confirm_clock;
  enter_commands enter;
  /** The one kept in view, null where there is none; may be empty. Must not block. */
  std::function<std::shared_ptr<const evaluate::evaluation>()> evaluation;
  /** What is kept of a line or a site; may be empty. Must not block. */
  std::function<std::optional<recent::recent_target>(std::string_view id)> recent{};
  std::function<std::string()> map{};                ///< GeoJSON of the towns; empty: there is none; may be empty
  std::function<std::vector<reason>()> not_ready{};  ///< what main knows against readiness; may be empty
  /** What is to be known of the ledger although it goes on: seals set aside, a history that forked; may be empty. */
  std::function<std::vector<reason>()> ledger_remarks{};
  std::function<own_view()> own{};  ///< may be empty. Must not block
  /** Sends one message by this channel, in the name of that person. Must not block; may be empty. */
  std::function<trial_start(const std::string& channel, const std::string& by)> try_channel{};
  /** What is asked for by its name: takes as long as it likes, one after the other; may be empty. */
  std::function<made_file(const std::string& name)> make{};
  /** Whether nobody of those who are there could be taken for whoever is called so; may be empty. */
  std::function<result<void>(const accounts::user_book& there, const std::string& name)> fit_name{};
  accounts::entrance* entrance = nullptr;  ///< who may sign in; null: nobody, and reading is open
  /** Whether a trusted proxy may name users (web_request::vouched); may be empty: never. */
  std::function<bool()> proxy_names_users{};
  lines::desk* inventory = nullptr;  ///< where lines are changed; null: not here
  bool tls = false;                  ///< a browser's cookie goes over TLS alone
  std::vector<std::string> kinds;    ///< names by kind_index
  std::string version;
  wall_t started{};
};

/** Owns the ledger readers and the thread that keeps today's figures fresh. Destroy it after the server has stopped:
 * routes hold a reference. */
class service {
 public:
  explicit service(sources from);
  ~service();
  service(const service&) = delete;
  service& operator=(const service&) = delete;

  /** /api/v1/…, /healthz and /readyz: exactly what openapi.json describes. */
  [[nodiscard]] std::vector<web_route> routes() const;
  /** The status page at `/` and `/status`, with its style and script; `console`: there is one to lead to. */
  [[nodiscard]] std::vector<web_route> page_routes(bool console) const;
  /** Whether today's figures have been computed for the first time. Never waits. */
  [[nodiscard]] bool has_figures() const;

 private:
  std::shared_ptr<struct context> context_;
};

}  // namespace changtong::api
