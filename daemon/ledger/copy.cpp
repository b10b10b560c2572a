#include "daemon/ledger/copy.h"

#include <unistd.h>

#include "daemon/core/phrase.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/lock.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {

result<void> copy_ledger(const std::string& ledger, const std::string& into,
                         const std::function<bool(std::int64_t done, std::int64_t total)>& progress) {
  if (const auto made = host::create_plain_file(into, {}, 0600); !made) return made.error();
  const auto copied = guarded([&] {
    store from(ledger, store::mode::read);
    return from.copy_into(into, progress);
  });
  if (copied && *copied) return {};
  for (const char* part : {"", "-journal", "-wal", "-shm"}) ::unlink((into + part).c_str());
  if (!copied) return copied.error();
  return said({"已中止，没有留下副本", "stopped; no copy was left"});
}

result<std::shared_ptr<void>> hold(const std::string& ledger) {
  return guarded([&]() -> std::shared_ptr<void> { return std::make_shared<file_lock>(ledger); });
}

}  // namespace changtong::ledger
