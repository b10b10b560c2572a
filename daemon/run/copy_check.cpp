#include "daemon/run/copy_check.h"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

#include "daemon/core/log.h"
#include "daemon/ledger/second_book.h"
#include "daemon/ledger/verify.h"

namespace changtong {
namespace {

constexpr int lowest = 19;
constexpr std::chrono::minutes not_oftener{10};
constexpr std::chrono::hours at_least_every{24};
constexpr std::chrono::steady_clock::duration longest_rest = std::chrono::seconds{2};

}  // namespace

copy_check::copy_check(std::string copy, std::function<void(const phrase& what)> damaged)
    : copy_(std::move(copy)),
      damaged_(std::move(damaged)),
      thread_(
          [this](const std::stop_token& stop) {
            look(stop);
            return host::background::pause{.least = not_oftener, .most = at_least_every};
          },
          lowest) {}

void copy_check::look(const std::stop_token& stop) {
  std::error_code failed;
  if (!std::filesystem::exists(copy_, failed)) return;
  auto last = std::chrono::steady_clock::now();
  bool stopped = false;
  const auto p = ledger::prove(copy_, {}, [&](std::int64_t, std::int64_t) {
    const auto read = std::chrono::steady_clock::now() - last;
    stopped = !thread_.rest(stop, std::min<std::chrono::steady_clock::duration>(4 * read, longest_rest));
    last = std::chrono::steady_clock::now();
    return !stopped;
  });
  malloc_trim(0);  // the proof has kept every line's tables once more
  if (stopped) return;
  if (p && p->ok) return log::debug("the copy of the other node's ledger verifies: {} entries", p->entries);
  if (!p) {  // it may be locked just now, or be no ledger any more
    const auto damaged = ledger::copy_is_damaged(copy_);
    if (!damaged || !*damaged) return;
  }
  const phrase why = p ? phrase{p->text, p->text} : words_of(p.error());
  damaged_(both("另一台的副本已损坏（{}）", "the copy of the other node's ledger is damaged ({})", why));
}

}  // namespace changtong
