#include "daemon/centre/archive.h"

#include <algorithm>
#include <utility>

#include "daemon/centre/copy_rows.h"
#include "daemon/centre/journal_rows.h"
#include "daemon/centre/own_journal.h"
#include "daemon/centre/pg_cells.h"
#include "daemon/centre/schema.h"
#include "daemon/core/phrase.h"
#include "daemon/core/plain_text.h"
#include "daemon/ledger/entry.h"

namespace changtong::centre {
namespace {

constexpr std::int64_t page = 2'000;  // entries of one reading

/** Without the database: whether each entry goes on from the one before, the first from where the shipment says. */
result<void> chained(const ledger::shipment& s) {
  ledger::digest last = s.hash;
  for (const ledger::shipped_entry& e : s.entries) {
    if (ledger::chain(last, e.seq, e.at, e.kind, e.body) != e.hash)
      return said(both("第 {} 条的摘要与前一条接不上", "entry {} does not chain with the one before", e.seq));
    last = e.hash;
  }
  return {};
}

std::optional<fork_seen> fork_in(const table_row& row, std::size_t from) {
  if (!row[from]) return std::nullopt;
  return fork_seen{.first = instant_in(row[from]),
                   .last = instant_in(row[from + 1]),
                   .times = whole_in(row[from + 2]),
                   .theirs = {.seq = whole_in(row[from + 3]), .hash = digest_in(row[from + 4])}};
}

}  // namespace

/** The row that whoever writes holds, so that no two write one node at a time. */
struct archive::held_head {
  std::int32_t branch = 0;
  ledger::shipped_head at;
  std::int64_t heartbeat = 0;
  bool forked = false;
};

result<std::unique_ptr<archive>> archive::open(const database_place& where, std::span<const std::string> nodes) {
  auto db = database::open(where);
  if (!db) return db.error();
  const auto laid = lay(**db);
  if (!laid) return laid.error();
  std::unique_ptr<archive> made(new archive(std::move(*db), laid->epoch));
  if (const auto done = made->know_nodes(nodes); !done) return done.error();
  return made;
}

result<std::unique_ptr<archive>> archive::open_to_read(const database_place& where) {
  auto db = database::open(where);
  if (!db) return db.error();
  const auto found = find(**db);
  if (!found) return found.error();
  std::unique_ptr<archive> made(new archive(std::move(*db), found->epoch));
  if (const auto done = made->know_nodes({}); !done) return done.error();
  return made;
}

result<void> archive::know_nodes(std::span<const std::string> make) {
  const auto read = [this]() -> result<void> {
    const auto all = db_->ask("SELECT name, node FROM nodes WHERE node > 0");
    if (!all) return all.error();
    for (const table_row& row : all->front())
      numbers_[row[0].value_or("")] = static_cast<std::int32_t>(whole_in(row[1]));
    return {};
  };
  if (const auto done = read(); !done) return done.error();
  for (const std::string& name : make)
    if (!numbers_.contains(name))
      if (const auto done = add_node(name); !done) return done.error();
  return read();
}

/** Its number, the first branch and the partition of its journal. */
result<void> archive::add_node(const std::string& name) {
  const auto attempt = [&]() -> result<void> {
    // Two processes that begin at once wait here; the second one finds what the first one made.
    const auto held = db_->ask("BEGIN; SELECT epoch FROM lease FOR UPDATE");
    if (!held) return held.error();
    const auto made = db_->ask(
        "INSERT INTO nodes SELECT (SELECT coalesce(max(node), 0) + 1 FROM nodes), $1 WHERE NOT EXISTS (SELECT 1 FROM "
        "nodes WHERE name = $1) RETURNING node",
        {name});
    if (!made) return made.error();
    std::string rest;
    if (!made->empty()) {
      const std::int64_t n = whole_in(made->front()[0]);
      rest = fmt::format(
          "CREATE TABLE journal_{0} PARTITION OF journal FOR VALUES IN ({0}); INSERT INTO branches VALUES ({0}, 1, 0, "
          "'', ''); INSERT INTO heads(node, branch, seq, hash, heartbeat, received) VALUES ({0}, 1, 0, decode('{1}', "
          "'hex'), 0, 0); ",
          n, hex_of({}));
    }
    const auto done = db_->ask(rest + "COMMIT");
    if (!done) return done.error();
    return {};
  };
  auto done = attempt();
  if (!done) give_up();
  return done;
}

void archive::give_up() {
  if (db_->good()) (void)db_->ask("ROLLBACK");
}

result<std::int32_t> archive::number_of(const std::string& node) const {
  const auto it = numbers_.find(node);
  if (it == numbers_.end())
    return said(both("中心没有节点 {}", "the centre has no node {}", as_seen(node)), problem_class::no);
  return it->second;
}

/** The epoch is read after the row is held: whoever raises it holds the row first. */
result<archive::held_head> archive::hold(std::int32_t node, std::string_view first) {
  const auto rows =
      db_->ask(fmt::format("BEGIN{}; SELECT branch, seq, encode(hash, 'hex'), heartbeat, forked_first FROM heads WHERE "
                           "node = {} ORDER BY branch DESC LIMIT 1 FOR UPDATE; SELECT epoch FROM lease",
                           first, node));
  if (!rows) return rows.error();
  const std::size_t last = rows->size() - 1;
  if (rows->size() < 3 || (*rows)[last - 1].empty() || (*rows)[last].empty())
    return said({"数据库里缺少该节点的行：表被改动过", "the node's row is missing: somebody changed the tables"});
  outdated_ = whole_in((*rows)[last][0][0]) != epoch_;
  if (outdated_)
    return said({"中心的分支刚有变动，请稍后再送", "the centre's branches have changed just now: ship again"});
  const table_row& row = (*rows)[last - 1][0];
  return held_head{.branch = static_cast<std::int32_t>(whole_in(row[0])),
                   .at = {.seq = whole_in(row[1]), .hash = digest_in(row[2])},
                   .heartbeat = whole_in(row[3]),
                   .forked = row[4].has_value()};
}

result<ledger::taken> archive::take(const std::string& node, const ledger::shipment& s, wall_t now) {
  if (const auto fine = chained(s); !fine) return fine.error();
  const auto number = number_of(node);
  if (!number) return number.error();
  const auto attempt = [&]() -> result<ledger::taken> {
    const auto held = hold(*number);
    if (!held) return held.error();
    if (held->at != ledger::shipped_head{s.after, s.hash}) return compare(*number, *held, s, now);
    if (s.entries.empty() && (!s.heartbeat || ms_of(*s.heartbeat) <= held->heartbeat)) {
      give_up();
      return ledger::taken{.head = held->at};
    }
    if (const auto done = append(*number, *held, s, now); !done) return done.error();
    return ledger::taken{.head = s.entries.empty() ? held->at
                                                   : ledger::shipped_head{s.entries.back().seq, s.entries.back().hash}};
  };
  auto done = attempt();
  if (!done) give_up();
  return done;
}

/** It does not begin where the copy ends: behind it, before it, or on another way. */
result<ledger::taken> archive::compare(std::int32_t node, const held_head& h, const ledger::shipment& s, wall_t now) {
  const ledger::taken standing{.head = h.at};
  bool ours = s.after > h.at.seq;
  if (s.after == 0) ours = s.hash == ledger::digest{};
  if (s.after > 0 && !ours) {
    const auto row =
        db_->ask(fmt::format("SELECT 1 FROM journal WHERE node = {} AND branch = {} AND seq = {} AND hash "
                             "= decode('{}', 'hex')",
                             node, h.branch, s.after, hex_of(s.hash)));
    if (!row) return row.error();
    ours = !row->front().empty();
  }
  if (ours) {
    give_up();
    return standing;
  }
  const auto noted = db_->ask(fmt::format(
      "UPDATE heads SET forked_first = coalesce(forked_first, {0}), forked_last = {0}, forked_times = forked_times + "
      "1, forked_seq = {1}, forked_hash = decode('{2}', 'hex') WHERE node = {3} AND branch = {4}; COMMIT",
      ms_of(now), s.after, hex_of(s.hash), node, h.branch));
  if (!noted) return noted.error();
  return ledger::taken{.head = h.at, .fork = true};
}

result<void> archive::append(std::int32_t node, const held_head& h, const ledger::shipment& s, wall_t now) {
  if (!s.entries.empty()) {
    const auto copied = db_->copy("COPY journal(node, branch, seq, at, kind, body, hash) FROM STDIN (FORMAT binary)",
                                  copy_rows(node, h.branch, s.entries));
    if (!copied) return copied.error();
  }
  const ledger::shipped_head to =
      s.entries.empty() ? h.at : ledger::shipped_head{s.entries.back().seq, s.entries.back().hash};
  const std::int64_t heartbeat = std::max(h.heartbeat, s.heartbeat ? ms_of(*s.heartbeat) : 0);
  const std::string clock =
      s.clock ? fmt::format(", clock_ahead = {}, clock_within = {}", s.clock->ahead.count(), s.clock->within.count())
              : std::string();
  const auto done = db_->ask(fmt::format(
      "UPDATE heads SET seq = {}, hash = decode('{}', 'hex'), heartbeat = {}, received = {}{} WHERE node = {} "
      "AND branch = {}; COMMIT",
      to.seq, hex_of(to.hash), heartbeat, ms_of(now), clock, node, h.branch));
  if (!done) return done.error();
  return {};
}

result<std::vector<node_head>> archive::heads() {
  return heads_where("h.branch = (SELECT max(branch) FROM heads x WHERE x.node = n.node)");
}

result<std::vector<node_head>> archive::branches() { return heads_where("true"); }

result<std::vector<node_head>> archive::heads_where(std::string_view which) {
  const auto rows = db_->ask(fmt::format(
      "SELECT n.name, h.branch, h.seq, encode(h.hash, 'hex'), h.heartbeat, h.received, h.forked_first, h.forked_last, "
      "h.forked_times, h.forked_seq, encode(h.forked_hash, 'hex'), n.retired FROM nodes n JOIN heads h ON h.node = "
      "n.node WHERE n.node > 0 AND {} ORDER BY n.name, h.branch",
      which));
  if (!rows) return rows.error();
  std::vector<node_head> out;
  for (const table_row& row : rows->front()) {
    node_head& one = out.emplace_back(node_head{.node = row[0].value_or(""),
                                                .branch = static_cast<std::int32_t>(whole_in(row[1])),
                                                .head = {.seq = whole_in(row[2]), .hash = digest_in(row[3])},
                                                .heartbeat = {},
                                                .received = {},
                                                .fork = fork_in(row, 6)});
    if (whole_in(row[4]) != 0) one.heartbeat = instant_in(row[4]);
    if (whole_in(row[5]) != 0) one.received = instant_in(row[5]);
    if (row[11]) one.retired = instant_in(row[11]);
  }
  return out;
}

result<std::int64_t> archive::read(const node_head& of, std::int64_t after, std::int64_t last,
                                   const std::function<void(const ledger::shipped_entry&)>& each) {
  const auto number = number_of(of.node);
  if (!number) return number.error();
  return read_journal(*db_, *number, of.branch, after, last, page, each);
}

result<bool> archive::is_whole(std::int32_t node, const held_head& h) {
  const auto rows =
      db_->ask(fmt::format("SELECT count(*), coalesce(bool_or(seq = {2} AND hash = decode('{3}', 'hex')), {2} = 0) "
                           "FROM journal WHERE node = "
                           "{0} AND branch = {1}",
                           node, h.branch, h.at.seq, hex_of(h.at.hash)));
  if (!rows) return rows.error();
  const table_row& row = rows->at(0).at(0);
  return whole_in(row[0]) == h.at.seq && row[1] == "t";
}

result<std::int32_t> archive::begin_branch(const std::string& node, const std::string& by, const std::string& why,
                                           wall_t now) {
  const auto number = number_of(node);
  if (!number) return number.error();
  const auto attempt = [&]() -> result<std::int32_t> {
    // The lease first, as add_node() does, which then waits for the journal that is written here.
    const auto held = hold(*number, "; UPDATE lease SET epoch = epoch");
    if (!held) return held.error();
    if (!held->forked) {
      const auto whole = is_whole(*number, *held);
      if (!whole) return whole.error();
      if (*whole)
        return said(both("{} 没有分叉，账也没有缺，不必另起分支",
                         "{} has not forked, and its journal is whole: there is no branch to begin", as_seen(node)),
                    problem_class::no);
    }
    const std::int32_t next = held->branch + 1;
    const auto named = db_->ask("INSERT INTO branches VALUES ($1::integer, $2::integer, $3::bigint, $4, $5)",
                                {std::to_string(*number), std::to_string(next), std::to_string(ms_of(now)), by, why});
    if (!named) return named.error();
    const auto told = add_own(*db_, branch_begun{.at = now, .node = node, .branch = next, .author = by, .reason = why});
    if (!told) return told.error();
    const auto done = db_->ask(fmt::format(
        "INSERT INTO heads(node, branch, seq, hash, heartbeat, received) VALUES ({}, {}, 0, decode('{}', 'hex'), 0, "
        "0); UPDATE lease SET epoch = epoch + 1; COMMIT",
        *number, next, hex_of({})));
    if (!done) return done.error();
    ++epoch_;
    return next;
  };
  auto done = attempt();
  if (!done) give_up();
  return done;
}

result<void> archive::retire(const std::string& node, const std::string& by, const std::string& why,
                             std::optional<wall_t> since, wall_t now) {
  const auto number = number_of(node);
  if (!number) return number.error();
  const auto attempt = [&]() -> result<void> {
    const auto begun = db_->ask("BEGIN");
    if (!begun) return begun.error();
    const auto done = db_->ask(
        fmt::format("UPDATE nodes SET retired = {}, retired_by = $1, retired_why = $2 WHERE node = {} AND (retired IS "
                    "NULL) = {} RETURNING 1",
                    since ? std::to_string(ms_of(*since)) : "NULL", *number, since ? "true" : "false"),
        {by, why});
    if (!done) return done.error();
    if (done->empty())
      return since ? said(both("{} 已经停用", "{} is retired already", as_seen(node)), problem_class::no)
                   : said(both("{} 没有停用", "{} is not retired", as_seen(node)), problem_class::no);
    const auto told = add_own(*db_, node_retired{.at = now, .node = node, .since = since, .author = by, .reason = why});
    if (!told) return told.error();
    const auto over = db_->ask("COMMIT");
    if (!over) return over.error();
    return {};
  };
  auto done = attempt();
  if (!done) give_up();
  return done;
}

}  // namespace changtong::centre
