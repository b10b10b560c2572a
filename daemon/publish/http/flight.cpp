#include "daemon/publish/http/flight.h"

namespace changtong::http {

bool flight::takes(const peer_group& from, std::int64_t bytes, load& into) {
  if (bytes <= small) return true;
  const auto own = of_.find(from.name);
  const std::int64_t already = own == of_.end() ? 0 : own->second;
  if (total_ > 0 && total_ + bytes > most_) return false;
  if (!from.loopback && already > 0 && already + bytes > most_ / 2) return false;
  load taken;
  taken.of_ = this;
  taken.from_ = from.name;
  taken.bytes_ = bytes;
  of_[from.name] += bytes;
  total_ += bytes;
  shown_.fetch_add(bytes, std::memory_order_relaxed);
  into = std::move(taken);
  return true;
}

void flight::landed(const std::string& from, std::int64_t bytes) {
  total_ -= bytes;
  shown_.fetch_sub(bytes, std::memory_order_relaxed);
  const auto own = of_.find(from);
  own->second -= bytes;
  if (own->second == 0) of_.erase(own);
}

}  // namespace changtong::http
