#include "daemon/centre/archives.h"

#include <utility>

#include "daemon/centre/schema.h"

namespace changtong::centre {

archives::archives(database_place where, std::vector<std::string> nodes)
    : lending([where = std::move(where), nodes = std::move(nodes)] { return archive::open(where, nodes); }) {}

result<ledger::taken> archives::take(const std::string& node, const ledger::shipment& s, wall_t now) {
  while (true) {
    bool outdated = false;
    auto done = with([&](archive& a) {
      auto taken = a.take(node, s, now);
      outdated = a.outdated();
      return taken;
    });
    if (done || !outdated) return done;  // each time one of those of before has ended: there are as many as threads
  }
}

conversations::conversations(database_place where)
    : lending([where = std::move(where)]() -> result<std::unique_ptr<database>> {
        auto db = database::open(where);
        if (!db) return db;
        const auto found = lay(**db);
        if (!found) return found.error();
        if (const auto set = ask_by_index(**db); !set) return set.error();
        return db;
      }) {}

}  // namespace changtong::centre
