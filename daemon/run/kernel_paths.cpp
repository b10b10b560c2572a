#include "daemon/run/kernel_paths.h"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

#include "collectors/net/path_tracer.h"
#include "daemon/core/log.h"
#include "daemon/ledger/reader.h"

namespace changtong {

path_doors kernel_paths(const settings& s) {
  const unsigned a_second = std::clamp(s.fast_budget / 20, 1U, 100U);
  const auto tracer = std::make_shared<net::path_tracer>(net::syscalls::kernel(), a_second);
  return {.has_room = [tracer] { return tracer->has_room(); },
          .start = [tracer](std::uint32_t tag, const ip_address& to,
                            unsigned expected) { tracer->start(tag, to, expected); },
          .tick = [tracer](mono_t now, const path_doors::told& followed) { tracer->tick(now, followed); }};
}

std::vector<trace_record> known_paths(const std::string& ledger, wall_t now) {
  try {
    const auto books = ledger::reader::open(ledger);
    if (!books) return {};
    const std::string since = (*books)->zone().key(now - tracing::usual_holds, civil_zone::unit::day);
    return (*books)->declared<trace_record>({.keys = std::pair(since, std::string("9999"))});
  } catch (const std::runtime_error& e) {
    log::warn("路径：账本不可读，平时的路径重新学习：{} / usual paths could not be read", e.what());
    return {};
  }
}

}  // namespace changtong
