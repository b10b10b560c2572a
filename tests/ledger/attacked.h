#pragma once
/** A sealed ledger in the hands of somebody with a database tool, who lacks the private key. */
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "daemon/host/plain_file.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/seal.h"
#include "daemon/ledger/store.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger::attacked {

using namespace desk;

inline constexpr double day = 86'400;

/** Twelve entries and four sealed days: seals after entries 5, 7, 9, 11; entry 12 is of today. */
struct Audit : testing::Test {
  folder f;

  void SetUp() override {
    const auto w = opened(f);
    commit(*w, 10, {started{at(0), "0.1.0", ""}, line("L1", 0), up("L1", 1)});
    for (int i = 1; i <= 4; ++i)
      commit(*w, i * day + 3600,
             {down("L1", i * day - 100, i * day - 101), up_again("L1", i * day - 50, i * day - 51)});
    commit(*w, 4 * day + 3700, {annotation{at(4 * day + 3700), "L1", at(5), "王工", "雷击"}});
    tampering.emplace(f.ledger(), store::mode::write);
    tampering->execute(
        "DROP TRIGGER journal_is_append_only_update; DROP TRIGGER journal_is_append_only_delete;"
        "DROP TRIGGER seals_are_append_only_update; DROP TRIGGER seals_are_append_only_delete");
  }
  std::optional<store> tampering;

  void tamper(const std::string& sql) { tampering->execute(sql.c_str()); }
  [[nodiscard]] proof seen(const verify_options& o = {}) const { return prove(f.ledger(), o, {}).value(); }
  [[nodiscard]] std::string file() const { return seals_file_of(f.ledger()); }
  [[nodiscard]] std::vector<std::string> filed() const {
    return lines_in(host::read_plain_file(file(), 1 << 20).value());
  }
  void write_file(const std::vector<std::string>& lines) const {
    std::ofstream out(file(), std::ios::binary);
    for (const std::string& l : lines) out << l << '\n';
  }
  [[nodiscard]] std::int64_t number(const char* sql) { return tampering->number(sql); }

  /** Every hash anew, and the state row: a chain as whole as the first. */
  void make_chain_whole() {
    digest prev{};
    std::int64_t seq = 0;
    struct row {
      std::int64_t seq;
      wall_t at;
      std::string kind, body;
    };
    std::vector<row> rows;
    statement& each = tampering->prepared("SELECT seq, at, kind, body FROM journal ORDER BY seq");
    for (each.rows(); each.step();)
      rows.push_back({each.integer(0), each.instant(1), std::string(each.text(2)), std::string(each.text(3))});
    each.reset();
    for (const row& r : rows) {
      const digest own = chain(prev, r.seq, r.at, r.kind, r.body);
      tampering->prepared("UPDATE journal SET prev = ?, hash = ? WHERE seq = ?")
          .run(statement::blob(bytes_of(prev)), statement::blob(bytes_of(own)), r.seq);
      prev = own;
      seq = r.seq;
    }
    tampering->prepared("UPDATE head SET seq = ?, hash = ?").run(seq, statement::blob(bytes_of(prev)));
  }
  /** Cuts journal, state row and seal rows after entry `last`, so that they agree with each other. */
  void cut_after(std::int64_t last) {
    tamper(fmt::format("DELETE FROM journal WHERE seq > {}", last));
    make_chain_whole();
    std::int64_t keep = 0;
    for (const std::string& l : filed()) keep += read_seal(l)->seq <= last ? 1 : 0;
    tamper(fmt::format("DELETE FROM seals WHERE number > {}", keep));
  }
};

}  // namespace changtong::ledger::attacked
