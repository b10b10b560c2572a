#pragma once
/** A running centre, wired: settings -> door -> archives (PostgreSQL) -> { metrics, readiness }. It keeps nothing of
 * its own: several may run on one database, and any may be ended at any moment. */
#include <functional>
#include <memory>
#include <string>

#include "daemon/core/result.h"

namespace changtong {

class centre_process {
 public:
  /** Loads and listens; the database need not be there yet. The problems are sentences for the terminal. */
  [[nodiscard]] static boost::system::result<std::unique_ptr<centre_process>, problems> start(
      const std::string& config, const std::function<void(const std::string& url)>& ready);
  ~centre_process();

  /** Until SIGINT or SIGTERM. SIGHUP reads the certificate again; all else needs a restart. */
  void run();

 private:
  struct parts;
  explicit centre_process(std::unique_ptr<parts> p);
  std::unique_ptr<parts> parts_;
};

}  // namespace changtong
