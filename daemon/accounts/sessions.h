#pragma once
/** Who is signed in. Decides without a clock: time is an argument. One thread at a time. A session is known by the
 * digest of what the browser holds, so that nothing read out of memory or a dump signs anybody in. */
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"

namespace changtong::accounts {

struct session_limits {
  milliseconds idle{std::chrono::minutes{30}};
  milliseconds whole{std::chrono::hours{12}};
  std::size_t most = 1000;
  std::size_t most_of_user = 10;  ///< the one that has been idle longest goes for the next
};

struct session {
  std::string user;
  std::string csrf{};  ///< every change has to repeat it
  wall_t since{};      ///< of the password by which it was opened: another one ends it
  mono_t opened{}, used{};
  /** Of whom a directory knows: the groups that have them, of those that are asked for. None: the password is ours. */
  std::optional<std::vector<std::string>> groups{};
};

class session_table {
 public:
  explicit session_table(session_limits limits = {}) : limits_(limits) {}

  void open(std::string digest, session s, mono_t now);
  /** Null where there is none, or it is over. What it gives stays until the next call. Without `renew` it goes on being
   * idle. */
  [[nodiscard]] const session* use(std::string_view digest, mono_t now, bool renew = true);
  void end(std::string_view digest);
  /** As when their password, roles or standing changed. */
  void end_all_of(std::string_view user);
  [[nodiscard]] std::size_t size() const { return all_.size(); }

 private:
  [[nodiscard]] bool over(const session& s, mono_t now) const;
  /** The one that has been idle longest, of this user or of all. */
  void drop_idlest(std::string_view user);

  session_limits limits_;
  std::map<std::string, session, std::less<>> all_;
};

}  // namespace changtong::accounts
