#include "daemon/centre/change_reach.h"

#include <boost/json.hpp>
#include <utility>

namespace changtong::centre {

/** As ledger/catalogue reads it; empty: taken out of the inventory. */
change_reach::scope change_reach::scope_in(const std::string& json) {
  scope s{.kind = "line", .removed = json.empty()};
  boost::system::error_code failed;
  const boost::json::value v = boost::json::parse(json, failed);
  if (failed || !v.is_object()) return s;
  const boost::json::object& o = v.get_object();
  if (const auto* kind = o.if_contains("kind"); kind != nullptr && kind->is_string()) s.kind = kind->get_string();
  const auto instant = [&](std::string_view key, wall_t& into) {
    if (const auto* f = o.if_contains(key); f != nullptr && f->is_int64()) into = wall_from_ms(f->get_int64());
  };
  instant("accepted", s.accepted);
  instant("closed", s.closed);
  return s;
}

void change_reach::version(std::int64_t number, const ledger::version_row& v) {
  if (!scopes_) {
    scopes_.emplace();
    before_.versions([this](std::int64_t of, const std::string&, const ledger::version_row& was) {
      scopes_->insert_or_assign(of, scope_in(was.json));
    });
  }
  scope now = scope_in(v.json);
  const auto [at, first] = scopes_->try_emplace(number, now);
  if (first) return from(now.accepted);
  const scope was = std::exchange(at->second, std::move(now));
  from(v.at);  // its words
  if (was.removed || (!at->second.removed && was.kind != at->second.kind)) return from(wall_min);
  if (at->second.removed) {  // its other words stay
    at->second = was;
    at->second.removed = true;
    return;
  }
  if (was.accepted != at->second.accepted) from(std::min(was.accepted, at->second.accepted));
  if (was.closed != at->second.closed) from(std::min(was.closed, at->second.closed));
}

void change_reach::window(const window_record& w) {
  if (!windows_begin_) {
    windows_begin_.emplace();
    for (const ledger::window_row& was : before_.rows<window_record>()) {
      wall_t& begins = windows_begin_->try_emplace(was.what.id, was.what.from).first->second;
      begins = std::min(begins, was.what.from);
    }
  }
  wall_t& begins = windows_begin_->try_emplace(w.id, w.from).first->second;
  begins = std::min(begins, w.from);
  from(begins);
}

}  // namespace changtong::centre
