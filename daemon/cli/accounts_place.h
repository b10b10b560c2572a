#pragma once
/** Which ledger's users and audit log are meant. */
#include <string>

#include "daemon/cli/grammar.h"
#include "daemon/core/result.h"

namespace changtong {

struct accounts_place {
  std::string ledger, config;
};
/** --ledger or --config, one of them. The ledger need not be there yet. */
void accounts_options(grammar sub, accounts_place& into);

struct accounts_found {
  std::string ledger;  ///< its real name
  std::string url;     ///< what a browser opens; where only the ledger was named, the default
};
[[nodiscard]] result<accounts_found> find_accounts(const accounts_place& o);

}  // namespace changtong
