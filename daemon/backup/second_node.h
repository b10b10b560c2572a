#pragma once
/** The second machine of an office that has one: what its configuration has to say, and what the first one's, so that
 * the two are a pair. Reads; the caller writes. One thread. */
#include <string>
#include <vector>

#include "daemon/backup/owner.h"
#include "daemon/core/phrase.h"
#include "daemon/settings/settings.h"

namespace changtong::backup {

struct pair_wish {
  std::string config;       ///< of this machine; it names no peer yet
  std::string node;         ///< how the other one is called
  std::string here, there;  ///< their addresses, as each reaches the other
  std::string ca;           ///< whom both believe; empty: the system's store
};

struct node_file {
  std::string path;  ///< absolute: where it belongs, on either machine
  std::string text;
  unsigned mode = 0640;
  owner whose{};
};

struct pair_plan {
  node_file config;                ///< of this machine, with its half of the pair
  node_file token;                 ///< new; the same on both
  std::vector<node_file> other;    ///< of the other machine: all that it needs but its ledger and certificate
  std::vector<phrase> to_be_done;  ///< what nobody but a person can do there
};

/** `token`: 64 hexadecimal digits that nobody can foresee. Problems: what is wrong with the configuration, as it is or
 * as it would be on either machine. The other one has no ledger, no keys of ours and no certificate. */
[[nodiscard]] boost::system::result<pair_plan, problems> plan_pair(const pair_wish& wish, const std::string& token,
                                                                   const surroundings& from);

}  // namespace changtong::backup
