#include "daemon/run/ignored_packets_view.h"

#include <string>
#include <utility>

#include "collectors/registry.h"

namespace changtong {

void ignored_packets_view::look(const schedule::engine& at) {
  std::vector<metrics::ignored_row> rows;
  for (const auto& [k, c] : at.collectors())
    for (const ignored_packets& row : c->ignored())
      rows.push_back({.kind = std::string(kinds()[k].name), .reason = std::string(row.reason), .count = row.count});
  const holding lock(mutex_);
  rows_ = std::move(rows);
}

std::vector<metrics::ignored_row> ignored_packets_view::rows() const {
  const holding lock(mutex_);
  return rows_;
}

}  // namespace changtong
