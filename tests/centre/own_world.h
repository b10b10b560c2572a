#pragma once
/** A centre with two nodes, a key for its seals, and whoever spoils its tables. */
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/centre/archive.h"
#include "daemon/centre/own_journal.h"
#include "daemon/centre/own_proof.h"
#include "tests/centre/postgres.h"
#include "tests/centre/shipped.h"

namespace changtong::centre::fakes {

inline constexpr wall_t now = wall_from_ms(1'773'500'000'000);  // 2026-03-14 22:53:20 in Shanghai
inline const std::vector<std::string> names{"东城区", "西城区"};
inline bool go_on(std::int64_t /*done*/, std::int64_t /*all*/) { return true; }

struct own_world : testing::Test {
  database_place where = server().empty();
  std::unique_ptr<archive> books = archive::open(where, names).value();
  std::unique_ptr<database> db = database::open(where).value();
  ledger::signing_key key = ledger::signing_key::make(ledger::algorithm::ed25519).value();
  told_journal east;

  void ship(int entries) {
    const std::int64_t had = east.end().seq;
    east.write(entries);
    ASSERT_TRUE(books->take("东城区", east.after(had), now));
  }
  result<std::optional<last_seal>> seal(sealed_when when = sealed_when::at_once, wall_t at = now) {
    return seal_heads(*db, {.key = key, .centre = "某市", .zone = civil_zone::named("Asia/Shanghai").value()}, when,
                      at);
  }
  std::vector<own_entry> entries() {
    std::vector<own_entry> out;
    const auto head = own_head(*db).value();
    for (std::int64_t last = 0; last < head.seq;)
      last = read_own(*db, last, head.seq, [&](const auto& e) { out.push_back(decode(e).value()); }).value();
    return out;
  }
  own_found found(const std::vector<std::string>& fingerprints = {}) {
    const auto done = verify_own(*db, fingerprints, now, go_on);
    if (!done) ADD_FAILURE() << to_string(done.error());
    return done ? *done : own_found{};
  }
  /** What a person has to answer. */
  static std::vector<std::string> told(const own_found& f) {
    std::vector<std::string> out;
    for (const phrase& one : f.asked) out.push_back(one.en);
    return out;
  }
  void spoil(const std::string& statement) {
    const auto done = db->ask(statement);
    ASSERT_TRUE(done) << to_string(done.error());
  }
  /** As somebody would who knows how hashes are made: every entry from `from` on, and the head. */
  void rewrite_east(std::int64_t from) {
    ledger::digest last = east.at(from - 1).hash;
    for (std::int64_t seq = from; seq <= east.end().seq; ++seq) {
      auto& e = east.all[static_cast<std::size_t>(seq - 1)];
      e.body = "{\"text\":\"一直通\"}";
      e.hash = last = ledger::chain(last, e.seq, e.at, e.kind, e.body);
      spoil(fmt::format("UPDATE journal SET body = '{}', hash = '\\x{}' WHERE node = 1 AND seq = {}", e.body,
                        host::hex(ledger::bytes_of(e.hash)), seq));
    }
    spoil(fmt::format("UPDATE heads SET hash = '\\x{}' WHERE node = 1", host::hex(ledger::bytes_of(last))));
  }
};

}  // namespace changtong::centre::fakes
