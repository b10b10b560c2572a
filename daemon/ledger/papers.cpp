#include "daemon/ledger/papers.h"

#include "daemon/ledger/entry.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {
namespace {

/** The entries themselves: they say who and why, and are what the chain proves. */
template <class Record, class Keep>
void read_entries(statement& s, std::string_view kind, const Keep& keep) {
  while (s.step()) {
    const std::int64_t seq = s.integer(0);
    auto e = decode(kind, s.text(1));
    if (!e) throw refusal("entry " + std::to_string(seq) + ": " + e.error().text);
    if (auto* r = std::get_if<Record>(&*e); r != nullptr) keep(seq, std::move(*r));
  }
  s.reset();
}

void read_policies(store& s, wall_t known_at, papers& into) {
  statement& all =
      s.prepared("SELECT j.seq, j.body FROM policies p JOIN journal j USING(seq) WHERE j.at < ? ORDER BY j.seq");
  all.rows(known_at);
  read_entries<policy_version>(all, "policy", [&](std::int64_t seq, policy_version v) {
    auto p = v.policy.empty() ? result<known_policy>(known_policy{}) : read_policy(v.policy);
    if (!p) throw refusal("entry " + std::to_string(seq) + ": " + p.error().text);
    into.policies.push_back({v.at, seq, std::move(*p)});
  });
}

/** Every record of an id of which one record touches the period: a revision may have moved it out. */
void read_windows(store& s, period p, wall_t known_at, papers& into) {
  statement& all = s.prepared(
      "SELECT j.seq, j.body FROM windows w JOIN journal j USING(seq) WHERE (w.target, w.id) IN "
      "(SELECT target, id FROM windows WHERE begins < ? AND ends > ?) AND j.at < ? ORDER BY j.seq");
  all.rows(p.to, p.from, known_at);
  read_entries<window_record>(all, "window",
                              [&](std::int64_t, window_record r) { into.windows.push_back(std::move(r)); });
}

void read_annotations(store& s, period p, wall_t known_at, papers& into) {
  statement& all = s.prepared(
      "SELECT j.seq, j.body FROM annotations a JOIN journal j USING(seq) WHERE a.about >= ? AND a.about < ? AND j.at < "
      "? "
      "ORDER BY j.seq");
  all.rows(p.from, p.to, known_at);
  read_entries<annotation>(all, "annotation",
                           [&](std::int64_t, annotation a) { into.annotations.push_back(std::move(a)); });
}

}  // namespace

result<papers> read_papers(const std::string& ledger, period p, wall_t known_at) {
  return guarded([&] {
    store s(ledger, store::mode::read);
    const transaction t(s, "BEGIN");
    papers all;
    read_policies(s, known_at, all);
    read_windows(s, p, known_at, all);
    read_annotations(s, p, known_at, all);
    return all;
  });
}

}  // namespace changtong::ledger
