#include "daemon/run/centre_folding.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "daemon/core/log.h"

namespace changtong {
namespace {

constexpr std::chrono::seconds looked_every{1}, tried_again{2};
constexpr int niceness = 10;  // who ships waits for a commit, and nobody for figures

/** For whoever looks into the database. */
std::string this_process() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return fmt::format("{}:{}", host.data(), ::getpid());
}

}  // namespace

centre_folding::centre_folding(centre::database_place where)
    : where_(std::move(where)), thread_([this](const std::stop_token& stop) { return round(stop); }, niceness) {}

host::background::pause centre_folding::round(const std::stop_token& stop) {
  const auto failed = [this](const problem& why) -> host::background::pause {
    folder_.reset();
    holds_.store(false, std::memory_order_relaxed);
    if (!std::exchange(said_, true))
      log::error("折算停住了，稍后再试，数字到那时为止 / folding has stopped and is tried again, figures end there: {}",
                 to_string(why));
    return {tried_again, tried_again};
  };
  if (!folder_) {
    auto opened = centre::folder::open(where_, this_process());
    if (!opened) return failed(opened.error());
    folder_ = std::move(*opened);
  }
  const auto more = folder_->round(stop);
  if (!more) return failed(more.error());
  if (std::exchange(said_, false)) log::info("折算继续 / folding goes on");
  holds_.store(folder_->holds_lease(), std::memory_order_relaxed);
  const host::background::duration pause = *more ? host::background::duration{} : looked_every;
  return {pause, pause};
}

}  // namespace changtong
