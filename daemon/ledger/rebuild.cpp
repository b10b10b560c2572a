#include "daemon/ledger/lock.h"
#include "daemon/ledger/reader.h"
#include "daemon/ledger/refold.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {

result<std::int64_t> rebuild(const std::string& path, const std::function<bool(std::int64_t, std::int64_t)>& progress) {
  return guarded([&] {
    const file_lock lock(path);
    store s(lock.name(), store::mode::write);
    upgrade(s);
    transaction t(s, "BEGIN IMMEDIATE");
    const std::int64_t entries = refold(s, progress);
    t.commit();
    return entries;
  });
}

}  // namespace changtong::ledger
