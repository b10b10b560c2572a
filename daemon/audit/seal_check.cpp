#include "daemon/audit/seal_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/audit/contents.h"

namespace changtong::audit {

seal_check::seal_check(std::string_view seals, std::string_view keys)
    : lines_(ledger::lines_in(seals)), cut_(!seals.empty() && seals.back() != '\n') {
  if (keys.empty()) return;
  auto read = ledger::read_public_keys(keys);
  if (read)
    keys_ = std::move(*read);
  else
    key_trouble_ = to_string(read.error());
}

std::vector<ledger::seal> seal_check::readable() const {
  std::vector<ledger::seal> all;
  for (const std::string& line : lines_) {
    auto s = ledger::read_seal(line);
    if (!s) break;
    all.push_back(std::move(*s));
  }
  return all;
}

void seal_check::want(chain_check& chain) const {
  for (const ledger::seal& s : readable()) chain.want(s.seq);
}

bool seal_check::knows(const ledger::digest& fingerprint) const {
  return std::ranges::find(keys_, fingerprint, &ledger::public_key::fingerprint) != keys_.end();
}

seal_check::proof seal_check::check(const chain_check& chain, wall_t heartbeat, const ledger::reader& books) const {
  proof v;
  const auto add = [&](std::string_view file, std::int64_t entry, std::string text) {
    v.problems.push_back({std::string(file), entry, std::move(text)});
  };
  if (!key_trouble_.empty()) add(key_name, 0, key_trouble_);
  if (cut_) add(seals_name, 0, "末行不完整 / the last line is cut");
  auto seen = ledger::check_seals(lines_, {.keys = keys_, .fingerprints = {}},
                                  [&](std::int64_t seq) { return chain.hash_at(seq); });
  v.good = std::move(seen.good);
  if (seen.line != 0) {
    add(seen.entry != 0 ? journal_name : seals_name, seen.entry, to_string(seen.text));
    return v;
  }
  if (!v.good.empty() && heartbeat < v.good.back().made)
    add(head_name, 0, "心跳早于最后一次封存 / the heartbeat is before the last seal was made");
  const civil_zone& zone = books.zone();
  const auto day_of = [&](wall_t at) { return zone.around(at, civil_zone::unit::day); };
  const wall_t next = v.good.empty() ? day_of(books.first_entry()).from : v.good.back().when.to;
  if (ledger::due(day_of(next).to, heartbeat, wall_min)) {
    const std::string day = zone.key(next, civil_zone::unit::day);
    add(seals_name, 0, fmt::format("{} 已过而未封存 / {} has passed and is not sealed", day, day));
  }
  return v;
}

}  // namespace changtong::audit
