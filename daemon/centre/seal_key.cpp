#include "daemon/centre/seal_key.h"

#include "daemon/core/log.h"
#include "daemon/host/plain_file.h"

namespace changtong::centre {

result<ledger::signing_key> seal_key(const std::string& path) {
  if (!host::plain_file_exists(path)) {
    auto made = ledger::signing_key::make(ledger::algorithm::ed25519);
    if (!made) return made.error();
    const auto saved = made->save(path);
    if (!saved && !host::plain_file_exists(path)) return saved.error();  // else another process was first
    if (saved)
      log::info("已生成封存密钥 {}，指纹 {} / made a new key for seals", path,
                ledger::short_form(made->half().fingerprint()));
  }
  return ledger::signing_key::load(path);
}

}  // namespace changtong::centre
