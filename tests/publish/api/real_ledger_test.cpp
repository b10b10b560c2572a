// The API over a ledger that a writer wrote: what it says is what was committed.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "daemon/ledger/writer.h"
#include "tests/publish/api/asking.h"

namespace changtong::api {
namespace {

struct RealLedgerTest : testing::Test, asking {
  RealLedgerTest() : path(testing::TempDir() + "api_ledger_" + std::to_string(::getpid()) + ".db") {
    forget();
    write();
    auto from = d.all_sources();
    from.open_ledger = [this] { return ledger::reader::open(path); };
    made = std::make_unique<service>(from);
    all = made->routes();
  }
  ~RealLedgerTest() override {
    all.clear();
    made.reset();
    forget();
  }
  void forget() const {
    for (const char* end : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path + end);
  }
  /** Everything up since the start of the day; V001 down for its last minute. */
  void write() {
    auto writer = ledger::writer::open(path).value();
    const wall_t start = at("2026-03-14");
    const wall_t cut = d.now - milliseconds{60'000};
    ledger_batch batch;
    batch.heartbeat = d.books->heartbeat;
    batch.records.emplace_back(started{start, "0.1.0", ""});
    batch.records.emplace_back(policy_version{start, "Asia/Shanghai", "{}", "test"});
    for (const target& t : d.inv->targets) {
      if (t.kind != target_kind::anchor)
        batch.records.emplace_back(inventory_version{start, t.id, to_json(t, *d.inv), "test"});
    }
    for (const char* id : {"T01", "T02", "V001", "V002"})
      batch.records.emplace_back(
          transition{id, line_state::up, start, {start, start}, start, cause::none, "snmp", false});
    batch.records.emplace_back(transition{"V001",
                                          line_state::down,
                                          cut,
                                          {cut - milliseconds{1'000}, cut},
                                          cut + milliseconds{750},
                                          cause::timeout,
                                          "V001/snmp",
                                          false});
    batch.records.emplace_back(cause_found{"V001", cut, cause::upstream, "T01"});
    ASSERT_TRUE(writer->commit(batch)) << "the ledger refused the batch";
    d.view->lines[2].state = line_state::down;
    d.view->lines[2].outage_open = true;
    d.view->lines[2].since_ms = ms_of(cut);
  }
  std::string path;
};

TEST_F(RealLedgerTest, TheBooksSayWhatWasCommitted) {
  const auto row = json("/api/v1/availability", {{"line", "V001"}}).at("rows").at(0);
  EXPECT_EQ(row.at("down_s").to_number<double>(), 59.2);
  EXPECT_EQ(row.at("up_s").to_number<double>(), 35'940);
  EXPECT_EQ(row.at("unknown_s").to_number<double>(), 0);
  EXPECT_EQ(json("/api/v1/availability", {{"by", "line"}}).at("rows").as_array().size(), 5u);
}

TEST_F(RealLedgerTest, TheOpenOutageNamesItsUpstream) {
  const auto outage = json("/api/v1/summary").at("outages").at(0);
  EXPECT_EQ(outage.at("cause_text"), "超时无应答 · 上级线路中断（城关镇）");
  EXPECT_EQ(outage.at("began"), "2026-03-14T09:59:00.000+08:00");
  EXPECT_EQ(json("/api/v1/lines/V001").at("open_outage").at("upstream"), "T01");
  EXPECT_EQ(json("/api/v1/outages", {{"open", "1"}}).at("outages").as_array().size(), 1u);
}

TEST_F(RealLedgerTest, TodaysFiguresComeFromIt) {
  figures_ready();
  const auto s = json("/api/v1/summary");
  EXPECT_EQ(s.at("categories").at(1).at("today").at("outages"), 1);
  EXPECT_LT(s.at("categories").at(1).at("today").at("availability").to_number<double>(), 1);
  EXPECT_EQ(s.at("categories").at(0).at("today").at("availability").to_number<double>(), 1);
}

}  // namespace
}  // namespace changtong::api
