#pragma once
/** The running daemon, wired left to right:
 *
 *   settings -> schedule -> collectors -> watch (verdict) -> recorder (ledger) -> board -> { metrics, api, page }
 *
 * The probe thread is the one that calls run(). Commits happen on the recorder's thread, announcing on it or, while a
 * commit hangs, on the one that looks after it, HTTP on the server's; nothing of them can hold up a probe. */
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/core/record.h"
#include "daemon/core/result.h"
#include "daemon/run/tracing.h"
#include "daemon/settings/settings.h"

namespace changtong {

struct serve_options {
  std::string config;
  std::optional<listen_address> listen;  ///< overrides the configuration's
  /** Everything announced (recorder.h: when, and on which thread). */
  std::function<void(const std::vector<record>&, bool recorded)> announced;
  /** When HTTP answers; with the page's address. The probe thread. */
  std::function<void(const std::string& url)> ready;
  bool in_clear = false;  ///< somebody said it on the command line too (exposure.h)
  /** People sign in here; told the link by which the first one does, while nobody can. Left empty: everybody reads. */
  std::function<void(const std::string& link)> first_link{};
  /** Who follows paths; left empty: real packets do. */
  path_doors paths{};
};

class daemon_process {
 public:
  /** Loads, opens the ledger, listens. The problems are sentences for the terminal. */
  [[nodiscard]] static boost::system::result<std::unique_ptr<daemon_process>, problems> start(serve_options options);
  ~daemon_process();

  /** Probes until SIGINT, SIGTERM or stop(); then writes the clean stop. SIGHUP reloads. */
  void run();
  /** Any thread. */
  void stop();
  /** Any thread: the probe loop does nothing until `length` has passed (the demo's pause of the monitor). */
  void pause(milliseconds length);
  /** Any thread; blocks. All or nothing; the text says what changed. */
  [[nodiscard]] result<phrase> reload(std::string_view author);

 private:
  struct parts;
  explicit daemon_process(std::unique_ptr<parts> p);
  static result<phrase> reload(parts& p, std::string_view author);
  std::unique_ptr<parts> parts_;
};

}  // namespace changtong
