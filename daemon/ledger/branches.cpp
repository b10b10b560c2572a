#include "daemon/ledger/branches.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/core/plain_text.h"
#include "daemon/host/digest.h"
#include "daemon/ledger/key.h"

namespace changtong::ledger {
namespace {

constexpr std::size_t id_bytes = 16;
constexpr std::size_t most_starts_told = 5;
constexpr std::string_view a_replay = "replay";

std::string named(const branch_point& p) {
  if (p.seq == 0) return "无 / none";
  return fmt::format("{}@{} {}", p.branch.empty() ? "-" : p.branch.substr(0, 8), p.seq, p.hash.substr(0, 16));
}

}  // namespace

std::vector<std::string> told_by_starts(const std::vector<branch_seen>& all,
                                        const std::function<std::string(wall_t)>& since) {
  std::vector<const branch_seen*> telling;
  for (const branch_seen& b : all)
    if (!b.branch.empty() && !b.text.empty() && !b.text.starts_with(a_replay)) telling.push_back(&b);
  const std::size_t first = telling.size() - std::min(telling.size(), most_starts_told);
  std::vector<std::string> out;
  for (std::size_t i = first; i < telling.size(); ++i) {
    const branch_seen& b = *telling[i];
    out.push_back(fmt::format("第 {} 条（{} 启动）记载 / entry {}, a start, says: {}", b.seq, since(b.at), b.seq,
                              as_seen(b.text)));
  }
  if (first > 0)
    out.push_back(fmt::format("此前另有 {} 次启动有记载 / {} earlier starts say something too", first, first));
  return out;
}

std::string new_branch(const started& s, const digest& before) {
  if (!s.text.starts_with(a_replay)) return host::hex(host::random_bytes(id_bytes));
  const digest whole = host::sha256_of(std::string(a_replay) + std::string(bytes_of(before)));
  return host::hex(bytes_of(whole).substr(0, id_bytes));
}

void branch_walk::step(std::int64_t seq, std::string_view kind, std::string_view body, const digest& hash) {
  if (kind == "start") {
    // What cannot be read, label and all, is said by whoever folds the entries.
    if (const auto e = decode_body(kind, body)) start(seq, std::get<started>(*e));
  }
  if (!all_.empty()) ++all_.back().entries;
  before_ = hash;
}

branch_point branch_walk::parent_of(std::int64_t seq) const {
  if (seq == 1) return {};
  return {all_.empty() ? std::string() : all_.back().branch, seq - 1, host::hex(bytes_of(before_))};
}

/** A start of format 3 names none; once one has been named, every later start names its own. */
void branch_walk::start(std::int64_t seq, const started& s) {
  const bool branched = !all_.empty() && !all_.back().branch.empty();
  const branch_point expected = s.branch.empty() && !branched ? branch_point{} : parent_of(seq);
  if (bad_ == 0 && (s.parent != expected || (branched && s.branch.empty()))) {
    bad_ = seq;
    problem_ = fmt::format(
        "第 {} 条（启动）所写的上一条（{}）不是账本里的上一条（{}）：账目由两段拼成 / the start in entry {} follows {} "
        "by its own words, but {} in this journal: it was put together from two",
        seq, named(s.parent), named(expected), seq, named(s.parent), named(expected));
  }
  all_.push_back(
      {.seq = seq, .at = s.at, .node = s.node, .branch = s.branch, .version = s.version, .text = s.text, .entries = 0});
}

}  // namespace changtong::ledger
