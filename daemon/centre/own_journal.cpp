#include "daemon/centre/own_journal.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "daemon/centre/copy_rows.h"
#include "daemon/centre/journal_rows.h"
#include "daemon/centre/pg_cells.h"
#include "daemon/core/phrase.h"

namespace changtong::centre {
namespace {

constexpr std::int32_t own = 0, only_branch = 1;  // as schema_tables.h has them
constexpr std::int64_t page = 100;                // a closing may be megabytes

result<ledger::shipped_head> head_of(database& db, std::string_view how) {
  const auto row = db.ask(fmt::format("SELECT seq, encode(hash, 'hex') FROM heads WHERE node = {} AND branch = {}{}",
                                      own, only_branch, how));
  if (!row) return row.error();
  if (row->front().empty())
    return said(
        {"数据库里缺少中心自己的行：表被改动过", "the centre's own row is missing: somebody changed the tables"});
  return ledger::shipped_head{.seq = whole_in(row->front()[0][0]), .hash = digest_in(row->front()[0][1])};
}

result<std::vector<sealed_head>> heads_now(database& db) {
  const auto rows = db.ask(
      "SELECT n.name, h.branch, h.seq, encode(h.hash, 'hex'), h.heartbeat FROM heads h JOIN nodes n ON n.node = h.node "
      "WHERE h.node "
      "> 0 ORDER BY h.node, h.branch");
  if (!rows) return rows.error();
  std::vector<sealed_head> out;
  for (const table_row& row : rows->front())
    out.push_back({.node = row[0].value_or(""),
                   .branch = whole_in(row[1]),
                   .head = {.seq = whole_in(row[2]), .hash = digest_in(row[3])},
                   .known = instant_in(row[4])});
  return out;
}

/** Of seals that are not ahead of an instant the newest label; labels need no reading. */
result<std::optional<wall_t>> newest_label(database& db, wall_t instant) {
  const auto row =
      db.ask(fmt::format("SELECT max(at) FROM journal WHERE node = {} AND branch = {} AND kind = '{}' AND at <= {}",
                         own, only_branch, seal_kind, ms_of(instant)));
  if (!row) return row.error();
  const auto& at = row->front().front().front();
  return at ? std::optional(instant_in(at)) : std::nullopt;
}

result<std::int64_t> seals_so_far(database& db) {
  const auto row = db.ask(fmt::format("SELECT count(*) FROM journal WHERE node = {} AND branch = {} AND kind = '{}'",
                                      own, only_branch, seal_kind));
  if (!row) return row.error();
  return whole_in(row->front().front().front());
}

result<last_seal> shown(const heads_sealed& s, const ledger::digest& hash) {
  const auto keys = ledger::read_public_keys(s.key);
  if (!keys) return keys.error();
  return last_seal{.number = s.number,
                   .at = s.at,
                   .day = s.day,
                   .hash = hash,
                   .key = keys->front().fingerprint(),
                   .heads = s.heads.size()};
}

}  // namespace

result<ledger::shipped_head> own_head(database& db) { return head_of(db, ""); }

result<ledger::shipped_head> hold_own(database& db) { return head_of(db, " FOR UPDATE"); }

result<std::int64_t> read_own(database& db, std::int64_t after, std::int64_t last,
                              const std::function<void(const ledger::shipped_entry&)>& each) {
  return read_journal(db, own, only_branch, after, last, page, each);
}

result<std::vector<ledger::shipped_entry>> newest_own(database& db, std::string_view kind, std::string_view beginning,
                                                      std::int64_t most) {
  std::vector<std::string> values{std::string(kind)};
  if (!beginning.empty()) values.emplace_back(beginning);
  const auto rows = db.ask(
      fmt::format("SELECT seq, at, kind, body, encode(hash, 'hex') FROM journal WHERE node = {} AND branch = {} AND "
                  "kind = $1{} ORDER BY seq DESC LIMIT {}",
                  own, only_branch, beginning.empty() ? "" : " AND left(body, length($2)) = $2", most),
      values);
  if (!rows) return rows.error();
  std::vector<ledger::shipped_entry> out;
  for (const table_row& row : *rows)
    out.push_back({.seq = whole_in(row[0]),
                   .at = instant_in(row[1]),
                   .kind = row[2].value_or(""),
                   .body = row[3].value_or(""),
                   .hash = digest_in(row[4])});
  return out;
}

result<ledger::shipped_head> add_own(database& db, const own_entry& what) {
  if (const auto fit = check_words(what); !fit) return fit.error();
  const auto held = hold_own(db);
  if (!held) return held.error();
  std::array<ledger::shipped_entry, 1> row{encode(what)};
  ledger::shipped_entry& e = row.front();
  if (e.body.size() > most_own_bytes)
    return said(
        both("中心自己的一条账超过 {} MB", "an entry of the centre's own is larger than {} MB", most_own_bytes >> 20));
  e.seq = held->seq + 1;
  e.hash = ledger::chain(held->hash, e.seq, e.at, e.kind, e.body);
  const auto copied = db.copy("COPY journal(node, branch, seq, at, kind, body, hash) FROM STDIN (FORMAT binary)",
                              copy_rows(own, only_branch, row));
  if (!copied) return copied.error();
  const auto moved =
      db.ask(fmt::format("UPDATE heads SET seq = {}, hash = decode('{}', 'hex'), received = {} WHERE "
                         "node = {} AND branch = {}",
                         e.seq, hex_of(e.hash), ms_of(e.at), own, only_branch));
  if (!moved) return moved.error();
  return ledger::shipped_head{.seq = e.seq, .hash = e.hash};
}

result<std::optional<last_seal>> newest_seal(database& db) {
  const auto found = newest_own(db, seal_kind, "", 1);
  if (!found) return found.error();
  if (found->empty()) return std::optional<last_seal>{};
  const ledger::shipped_entry& e = found->front();
  const auto read = decode(e);
  const auto done = read ? shown(std::get<heads_sealed>(*read), e.hash) : result<last_seal>(read.error());
  if (done) return std::optional(*done);
  return std::optional(last_seal{.at = e.at, .day = {}, .hash = e.hash, .unread = words_of(done.error())});
}

result<std::optional<wall_t>> sealed_ahead(database& db, wall_t now) {
  // A word from a clock that was ahead itself counts once its time has come.
  const auto row = db.ask(fmt::format(
      "SELECT max(at) FROM journal WHERE node = {0} AND branch = {1} AND kind = '{2}' AND at > {3} AND seq > (SELECT "
      "coalesce(max(seq), 0) FROM journal WHERE node = {0} AND branch = {1} AND kind = '{4}' AND at <= {3})",
      own, only_branch, seal_kind, ms_of(now), ahead_kind));
  if (!row) return row.error();
  const auto& at = row->front().front().front();
  return at ? std::optional(instant_in(at)) : std::nullopt;
}

result<void> explain_ahead(database& db, const std::string& by, const std::string& why, wall_t now) {
  return written(db, [&]() -> result<void> {
    if (const auto held = hold_own(db); !held) return held.error();
    const auto ahead = sealed_ahead(db, now);
    if (!ahead) return ahead.error();
    if (!*ahead)
      return said({"没有一次封存的时刻在现在之后，或已有人说明", "no seal is ahead of now, or somebody has said why"},
                  problem_class::no);
    const auto added = add_own(db, ahead_explained{.at = now, .ahead = **ahead, .author = by, .reason = why});
    return added ? result<void>() : added.error();
  });
}

result<std::optional<last_seal>> seal_heads(database& db, const sealing& by, sealed_when when, wall_t now) {
  return written(db, [&]() -> result<std::optional<last_seal>> {
    const auto held = hold_own(db);
    if (!held) return held.error();
    const auto so_far = seals_so_far(db);
    if (!so_far) return so_far.error();
    heads_sealed s{.at = now,
                   .number = *so_far + 1,
                   .centre = by.centre,
                   .day = by.zone.key(now, civil_zone::unit::day),
                   .zone = by.zone.name(),
                   .own = *held,
                   .heads = {},
                   .key = by.key.half().pem(),
                   .signature = {}};
    // By the newest one that is not ahead: a clock that was a year ahead once does not end sealing for a year.
    const auto before = newest_label(db, now);
    if (!before) return before.error();
    if (when == sealed_when::once_a_day && *before && by.zone.key(**before, civil_zone::unit::day) == s.day)
      return std::optional<last_seal>{};
    auto heads = heads_now(db);
    if (!heads) return heads.error();
    s.heads = std::move(*heads);
    auto signature = by.key.sign(signed_text(s));
    if (!signature) return signature.error();
    s.signature = std::move(*signature);
    const auto added = add_own(db, s);
    if (!added) return added.error();
    const auto made = shown(s, added->hash);
    if (!made) return made.error();
    return std::optional(*made);
  });
}

}  // namespace changtong::centre
