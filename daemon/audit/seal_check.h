#pragma once
/** The seals of a pack against its chain: signatures, links, days, and whose key. Pure; any input is safe. */
#include <string>
#include <string_view>
#include <vector>

#include "daemon/audit/extract.h"
#include "daemon/audit/finding.h"
#include "daemon/ledger/key.h"
#include "daemon/ledger/reader.h"
#include "daemon/ledger/seal.h"

namespace changtong::audit {

class seal_check {
 public:
  seal_check() = default;
  /** seals.jsonl and key.pub as they are. */
  seal_check(std::string_view seals, std::string_view keys);

  /** Asks the chain to keep the hashes that will be needed; before the walk. */
  void want(chain_check& chain) const;
  /** The beginning of the list that can be read as seals, nothing proven: what the page shows. */
  [[nodiscard]] std::vector<ledger::seal> readable() const;
  [[nodiscard]] const std::vector<ledger::public_key>& keys() const { return keys_; }
  [[nodiscard]] bool knows(const ledger::digest& fingerprint) const;

  struct proof {
    std::vector<ledger::seal> good;
    std::vector<finding> problems;
  };
  /** After the walk. `heartbeat`: no day that ended an hour before it may be without a seal. */
  [[nodiscard]] proof check(const chain_check& chain, wall_t heartbeat, const ledger::reader& books) const;

 private:
  std::vector<std::string> lines_;
  std::vector<ledger::public_key> keys_;
  std::string key_trouble_;
  bool cut_ = false;  ///< the last line has no end
};

}  // namespace changtong::audit
