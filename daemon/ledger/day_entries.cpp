#include "daemon/ledger/day_entries.h"

#include <string_view>
#include <utility>
#include <variant>

#include "daemon/core/command.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {
namespace {

/** What is labelled by its commit, or by a clock that may have been set back since. */
constexpr milliseconds farthest_back = std::chrono::hours{24};

/** Empty: no person's, or made on the file itself. */
std::string author_of(const entry& e) {
  const auto people = [](const auto& r) -> std::string {
    using type = std::decay_t<decltype(r)>;
    if constexpr (std::is_same_v<type, window_record>)
      return r.via == via_file ? std::string() : r.by;
    else if constexpr (requires { r.via, r.author; })
      return r.via == via_file ? std::string() : r.author;
    else
      return {};
  };
  return std::visit(people, e);
}

}  // namespace

result<std::map<std::string, std::size_t>> entries_since(const std::string& ledger, wall_t from) {
  return guarded([&] {
    std::map<std::string, std::size_t> out;
    store books(ledger, store::mode::read);
    // What is observed is labelled by when it was so, which may be days before it is known: it says nothing of what
    // stands before it.
    auto& rows = books
                     .prepared(
                         "SELECT at, kind, body FROM journal WHERE kind NOT IN ('transition','resumed','unconfirmed',"
                         "'policy','inventory') ORDER BY seq DESC")
                     .rows();
    while (rows.step() && rows.instant(0) >= from - farthest_back) {
      if (rows.instant(0) < from) continue;
      const auto read = decode(rows.text(1), rows.instant(0), rows.text(2));
      if (!read) continue;  // damage is the auditor's affair
      if (std::string who = author_of(*read); !who.empty()) ++out[std::move(who)];
    }
    rows.reset();
    return out;
  });
}

}  // namespace changtong::ledger
