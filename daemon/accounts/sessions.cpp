#include "daemon/accounts/sessions.h"

#include <algorithm>
#include <utility>

namespace changtong::accounts {

bool session_table::over(const session& s, mono_t now) const {
  return now - s.used >= limits_.idle || now - s.opened >= limits_.whole;
}

void session_table::drop_idlest(std::string_view user) {
  auto idlest = all_.end();
  for (auto at = all_.begin(); at != all_.end(); ++at)
    if ((user.empty() || at->second.user == user) && (idlest == all_.end() || at->second.used < idlest->second.used))
      idlest = at;
  if (idlest != all_.end()) all_.erase(idlest);
}

void session_table::open(std::string digest, session s, mono_t now) {
  std::erase_if(all_, [&](const auto& one) { return over(one.second, now); });
  const auto own =
      static_cast<std::size_t>(std::ranges::count_if(all_, [&](const auto& one) { return one.second.user == s.user; }));
  if (own >= limits_.most_of_user) drop_idlest(s.user);
  if (all_.size() >= limits_.most) drop_idlest({});
  s.opened = s.used = now;
  all_[std::move(digest)] = std::move(s);
}

const session* session_table::use(std::string_view digest, mono_t now, bool renew) {
  const auto at = all_.find(digest);
  if (at == all_.end()) return nullptr;
  if (over(at->second, now)) {
    all_.erase(at);
    return nullptr;
  }
  if (renew) at->second.used = now;
  return &at->second;
}

void session_table::end(std::string_view digest) {
  if (const auto at = all_.find(digest); at != all_.end()) all_.erase(at);
}

void session_table::end_all_of(std::string_view user) {
  std::erase_if(all_, [&](const auto& one) { return one.second.user == user; });
}

}  // namespace changtong::accounts
