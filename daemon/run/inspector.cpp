#include "daemon/run/inspector.h"

#include <malloc.h>

#include <algorithm>

#include "daemon/core/log.h"
#include "daemon/ledger/verify.h"

namespace changtong {
namespace {

constexpr auto at_least_every = std::chrono::hours{24};
constexpr int lowest = 19;  // priority
constexpr auto longest_rest = std::chrono::seconds{2};

}  // namespace

inspector::inspector(std::string ledger, daemon_tallies& tallies, std::function<wall_t()> now)
    : ledger_(std::move(ledger)),
      tallies_(tallies),
      now_(std::move(now)),
      thread_(
          [this](const std::stop_token& stop) {
            look(stop);
            return host::background::pause{.most = at_least_every};
          },
          lowest) {}

std::vector<phrase> inspector::set_aside() const {
  const holding lock(mutex_);
  return set_aside_;
}

void inspector::look(const std::stop_token& stop) {
  auto last = std::chrono::steady_clock::now();
  bool stopped = false;
  const auto p = ledger::prove(ledger_, {}, [&](std::int64_t, std::int64_t) {
    const auto read = std::chrono::steady_clock::now() - last;
    stopped = !thread_.rest(stop, std::min<std::chrono::steady_clock::duration>(4 * read, longest_rest));
    last = std::chrono::steady_clock::now();
    return !stopped;
  });
  malloc_trim(0);  // the proof has kept every line's tables once more
  if (stopped) return;
  if (p) {
    const holding lock(mutex_);
    set_aside_ = p->set_aside;
  }
  const bool good = p && p->ok;
  tallies_.ledger_verified_ok.store(good ? 1 : 0);
  if (!good)
    return log::error("账本核验未通过，请立即运行 ledger verify 查明 / the ledger does not verify: {}",
                      p ? p->text : to_string(p.error()));
  tallies_.ledger_verified_entries.store(p->entries);
  tallies_.ledger_verified_s.store(std::chrono::floor<std::chrono::seconds>(now_()).time_since_epoch().count());
  log::info("账本核验通过：{} 条记录，{} 天已封存 / the ledger verifies: {} entries, {} sealed days", p->entries,
            p->seals, p->entries, p->seals);
}

}  // namespace changtong
