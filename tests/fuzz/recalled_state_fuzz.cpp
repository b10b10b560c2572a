// What a ledger says the checks remembered: any text is refused or goes on, through samples, silence and an end, and is
// remembered again. Lines: the belief about the target, then the memory of each of its checks. A line that begins with
// a brace is a signed state row.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ledger/state_row.h"
#include "daemon/verdict/check_fold.h"
#include "daemon/verdict/judge.h"

namespace {

using namespace changtong;

const wall_t heartbeat = wall_from_ms(1'773'417'600'000);

std::shared_ptr<const inventory> district() {
  auto inv = std::make_shared<inventory>();
  target t;
  t.id = "L1";
  t.check_count = 2;
  inv->add(t);
  for (const char* id : {"L1/icmp", "L1/snmp"}) {
    check c;
    c.id = id;
    c.target = 0;
    inv->checks.push_back(c);
  }
  return inv;
}

sample answer(check_index c, std::int64_t ms, outcome what) {
  return {.check = c,
          .what = what,
          .why = what == outcome::good ? cause::none : cause::timeout,
          .at = heartbeat + milliseconds{ms},
          .interval = milliseconds{1000}};
}

void alone(std::string_view text) {
  verdict::check_fold fold(heartbeat);
  if (!fold.recall(text, heartbeat)) return;
  const std::string again = fold.remember();
  verdict::check_fold other(heartbeat);
  if (!other.recall(again, heartbeat) || other.remember() != again) std::abort();
  std::vector<verdict::piece> out;
  fold.gap({heartbeat, wall_max}, cause::monitor_stopped, out);
  for (int i = 0; i < 8; ++i)
    (void)fold.take(timing{}, answer(0, 5000 + i * 1000, i < 4 ? outcome::bad : outcome::good), out);
  fold.advance(heartbeat + std::chrono::seconds{60}, out);
  (void)fold.conclude(heartbeat + std::chrono::seconds{90}, out);
  for (const verdict::piece& p : out)
    if (p.when.from > p.when.to) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string_view all(reinterpret_cast<const char*>(bytes), size);
  if (all.starts_with('{')) {
    if (const auto s = ledger::read_state_line(all); s && ledger::line_of(*s) != all) std::abort();
    return 0;
  }
  std::vector<std::string_view> lines;
  for (std::size_t end = 0; end != std::string_view::npos && lines.size() < 3;) {
    end = all.find('\n');
    lines.push_back(all.substr(0, end));
    all.remove_prefix(end == std::string_view::npos ? all.size() : end + 1);
  }
  std::vector<check_memory> memory;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    alone(lines[i]);
    memory.push_back({i == 1 ? "L1/icmp" : "L1/snmp", std::string(lines[i])});
  }
  verdict::judge j(district(), heartbeat);
  verdict::judgement out;
  const auto state = lines[0].starts_with("down") ? line_state::down : line_state::up;
  j.recall({{.target = "L1",
             .believed = state,
             .outage_began = heartbeat - milliseconds{static_cast<std::int64_t>(lines[0].size()) * 1000},
             .cause_known = lines[0].ends_with("known")}},
           memory, heartbeat, out);
  for (int i = 0; i < 8; ++i)
    for (check_index c = 0; c < 2; ++c) j.take(answer(c, 5000 + i * 1000, i < 4 ? outcome::bad : outcome::good), out);
  j.advance(heartbeat + std::chrono::seconds{60}, out);
  return 0;
}
