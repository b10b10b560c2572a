#pragma once
/** People with tokens and rights of their own, over a ledger that a writer wrote; an outage that was told. */
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "daemon/entries/entering.h"
#include "daemon/ledger/writer.h"
#include "tests/publish/api/asking.h"

namespace changtong::api {

struct EntriesTest : testing::Test, asking {
  EntriesTest() : path(testing::TempDir() + "api_entries_" + std::to_string(::getpid()) + ".db") {
    forget();
    d.people = {{.name = "李工", .token = secret("li"), .may = {right::request, right::approve, right::duty}},
                {.name = "王工", .token = secret("wang"), .may = {right::approve, right::annotate}},
                {.name = "孙工", .token = secret("sun"), .may = {right::import, right::evaluate}},
                {.name = "赵工", .token = secret("zhao"), .may = {right::acknowledge}}};
    writer = ledger::writer::open(path).value();
    ledger_batch batch{d.books->heartbeat, {}, {}};
    batch.records.emplace_back(started{at("2026-03-14"), "0.1.0", ""});
    batch.records.emplace_back(policy_version{at("2026-03-14"), "Asia/Shanghai", "{}", "test"});
    for (const target& t : d.inv->targets)
      if (t.kind != target_kind::anchor)
        batch.records.emplace_back(inventory_version{at("2026-03-14"), t.id, to_json(t, *d.inv), "test"});
    EXPECT_TRUE(writer->commit(batch));
    auto from = d.all_sources();
    from.open_ledger = [this] { return ledger::reader::open(path); };
    from.enter = [this](std::span<const command> what, const author& who) { return enter(what, who); };
    made = std::make_unique<service>(from);
    all = made->routes();
  }
  ~EntriesTest() override {
    all.clear();
    made.reset();
    forget();
  }
  void forget() const {
    for (const char* end : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path + end);
  }
  entering enter(std::span<const command> what, const author& who) {
    ++asked;
    if (locked)
      return refused{
          .why = refused::reason::unavailable, .code = "ledger_unavailable", .text = "锁", .text_en = "locked"};
    auto done = entries::draft(*ledger::reader::open(path).value(), what, who, d.now);
    if (done) EXPECT_TRUE(writer->commit({{}, done->records, {}}));
    return done;
  }
  [[nodiscard]] web_response request(const std::string& token = "li") const {
    return post_as(token, "/api/v1/windows",
                   R"({"id":"G-1","targets":["V001"],"from":"2026-03-14 22:00","to":"2026-03-14 23:00"})");
  }
  [[nodiscard]] web_response step(const std::string& token, const std::string& body) const {
    return post_as(token, "/api/v1/windows/G-1", body);
  }

  std::string path;
  std::unique_ptr<ledger::writer> writer;
  bool locked = false;
  int asked = 0;
};

inline alert_record step_of(alert_step what, wall_t at) {
  alert_record r;
  r.at = at, r.alert = "A20260314-0001", r.step = what;
  return r;
}

/** V001 has been down since 09:00, and an alert has told it. */
inline void cut_and_tell(ledger::writer& to) {
  const wall_t nine = at("2026-03-14") + std::chrono::hours{9};
  transition up;
  up.target = "V001", up.to = line_state::up, up.at = nine - milliseconds{60'000};
  up.edge = {up.at, up.at}, up.confirmed = up.at, up.decided_by = "V001/icmp";
  transition down = up;
  down.to = line_state::down, down.at = nine, down.edge = {nine - milliseconds{1000}, nine};
  down.confirmed = nine + milliseconds{2000}, down.why = cause::timeout;
  alert_record opened = step_of(alert_step::opened, nine + milliseconds{3000}), told = opened;
  opened.began = told.began = nine, opened.targets = "V001";
  told.step = alert_step::told, told.of = "opened", told.channel = "wecom", told.answer = "ok";
  EXPECT_TRUE(to.commit({nine + milliseconds{5000}, {up, down, opened, told}, {}}));
}

inline trap_record trap_of(const char* target, wall_t about, const char* oid, trap_class what) {
  trap_record t;
  t.at = t.about = about, t.target = target, t.trap = oid, t.what = what, t.via = "v2c";
  return t;
}

}  // namespace changtong::api
