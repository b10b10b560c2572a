#include "daemon/run/inspector.h"

#include "daemon/core/log.h"
#include "daemon/run/gentle_proof.h"

namespace changtong {
namespace {

constexpr auto at_least_every = std::chrono::hours{24};

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
          proof_priority) {}

std::vector<phrase> inspector::set_aside() const {
  const holding lock(mutex_);
  return set_aside_;
}

void inspector::look(const std::stop_token& stop) {
  const auto proved = prove_gently(ledger_, thread_, stop);
  if (!proved) return;
  const auto& p = *proved;
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
