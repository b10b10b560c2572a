#include "daemon/run/copy_check.h"

#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

#include "daemon/core/log.h"
#include "daemon/ledger/second_book.h"
#include "daemon/run/gentle_proof.h"

namespace changtong {
namespace {

constexpr std::chrono::minutes not_oftener{10};
constexpr std::chrono::hours at_least_every{24};

}  // namespace

copy_check::copy_check(std::string copy, std::function<void(const phrase& what)> damaged)
    : copy_(std::move(copy)),
      damaged_(std::move(damaged)),
      thread_(
          [this](const std::stop_token& stop) {
            look(stop);
            return host::background::pause{.least = not_oftener, .most = at_least_every};
          },
          proof_priority) {}

void copy_check::look(const std::stop_token& stop) {
  std::error_code failed;
  if (!std::filesystem::exists(copy_, failed)) return;
  const auto proved = prove_gently(copy_, thread_, stop);
  if (!proved) return;
  const auto& p = *proved;
  if (p && p->ok) return log::debug("the copy of the other node's ledger verifies: {} entries", p->entries);
  if (!p) {  // it may be locked just now, or be no ledger any more
    const auto damaged = ledger::copy_is_damaged(copy_);
    if (!damaged || !*damaged) return;
  }
  const phrase why = p ? phrase{p->text, p->text} : words_of(p.error());
  damaged_(both("另一台的副本已损坏（{}）", "the copy of the other node's ledger is damaged ({})", why));
}

}  // namespace changtong
