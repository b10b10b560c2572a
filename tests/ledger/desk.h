#pragma once
/** A ledger in a folder of its own, and short words to fill it. Instants are seconds after a fixed midnight in
 * Shanghai. */
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/json.h"
#include "daemon/ledger/reader.h"
#include "daemon/ledger/writer.h"

namespace changtong::ledger::desk {

/** 2026-03-14T00:00:00+08:00 */
inline constexpr std::int64_t midnight_ms = 1'773'417'600'000;
inline wall_t at(double s) { return wall_from_ms(midnight_ms + static_cast<std::int64_t>(s * 1000)); }

struct folder {
  std::filesystem::path path;
  folder() {
    // In memory where there is such a place: these tests are about transactions, not about a disk's patience.
    const std::filesystem::path memory = "/dev/shm";
    const auto base = ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
    std::string name = (base / "changtong-ledger-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~folder() { std::filesystem::remove_all(path); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  [[nodiscard]] std::string ledger() const { return (path / "ledger.db").string(); }
};

inline std::unique_ptr<writer> opened(const folder& f) {
  auto w = writer::open(f.ledger());
  if (!w) ADD_FAILURE() << to_string(w.error());
  return std::move(*w);
}

inline transition up(std::string target, double s) {
  transition t;
  t.target = std::move(target);
  t.to = line_state::up;
  t.at = t.confirmed = at(s);
  t.edge = {at(s), at(s)};
  t.decided_by = t.target + "/icmp";
  return t;
}
/** An outage that ended between `last_bad` and `s`. */
inline transition up_again(std::string target, double s, double last_bad) {
  transition t = up(std::move(target), s);
  t.edge.after = at(last_bad);
  t.confirmed = at(s + 1);
  return t;
}
inline transition down(std::string target, double s, double last_good) {
  transition t;
  t.target = std::move(target);
  t.to = line_state::down;
  t.at = at(s);
  t.edge = {at(last_good), at(s)};
  t.confirmed = at(s + 2);
  t.why = cause::timeout;
  t.decided_by = t.target + "/icmp";
  return t;
}
inline transition still_down(std::string target, double s) {
  transition t = down(std::move(target), s, s);
  t.same_outage = true;
  return t;
}
inline transition unknown(std::string target, double s) {
  transition t;
  t.target = std::move(target);
  t.to = line_state::unknown;
  t.at = t.confirmed = at(s);
  t.edge = {at(s), at(s)};
  t.why = cause::own_uplink;
  return t;
}
inline inventory_version line(const std::string& id, double accepted, const std::string& more = {}) {
  json_object o;
  o.add("id", id).add("name", "线路" + id).add("category", "village").add("town", "城南镇").add("carrier", "电信");
  o.add("accepted", ms_of(at(accepted)));
  std::string text = o.text();
  if (!more.empty()) text.insert(text.size() - 1, "," + more);
  return {at(0), id, text, "test"};
}
inline gap stopped_watching(double s, double until = -1) {
  return {at(s), until < 0 ? wall_max : at(until), cause::monitor_stopped, "test"};
}
inline window_record window(std::string id, std::string target, double made, double from, double to,
                            std::string_view state) {
  return {at(made), std::move(id), std::move(target), at(from), at(to), window_state_named(state).value(), "王工", ""};
}

inline ledger_batch batch(double heartbeat, std::vector<record> records = {}) {
  return {at(heartbeat), std::move(records), {}};
}

inline void commit(writer& w, double heartbeat, std::vector<record> records = {}) {
  const auto done = w.commit(batch(heartbeat, std::move(records)));
  ASSERT_TRUE(done) << to_string(done.error());
}

inline std::unique_ptr<reader> reading(const folder& f) {
  auto r = reader::open(f.ledger());
  if (!r) ADD_FAILURE() << to_string(r.error());
  return std::move(*r);
}

/** The sums of one target, as somebody would ask for them at `now`. */
inline availability::seconds measured(const folder& f, const std::string& id, double from, double to,
                                      double now = 1e9) {
  availability::seconds s;
  const period p{at(from), at(to)};
  reading(f)->histories(p, at(now), id, [&](const known_target&, const availability::target_history& h) {
    s = availability::measure(h, p);
  });
  return s;
}

inline double in_seconds(milliseconds ms) { return static_cast<double>(ms.count()) / 1000; }

}  // namespace changtong::ledger::desk
