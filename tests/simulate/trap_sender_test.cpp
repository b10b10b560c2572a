#include "daemon/simulate/trap_sender.h"

#include <gtest/gtest.h>

#include <deque>
#include <utility>

#include "collectors/wire/trap.h"

namespace changtong::simulate {
namespace {

/** What is read points into the datagram. */
std::optional<wire::trap_message> read(std::vector<std::uint8_t> m) {
  static std::deque<std::vector<std::uint8_t>> kept;
  const auto e = wire::read_trap_envelope(kept.emplace_back(std::move(m)));
  if (!e || e->community != "demo") return std::nullopt;
  return wire::read_trap(e->pdu);
}

TEST(TrapSender, EachWordIsATrapThatAnybodyCanRead) {
  const auto down = read(trap_datagram(device_word::link_down, "demo", milliseconds{12'340}, 300));
  ASSERT_TRUE(down);
  EXPECT_EQ(down->trap, "1.3.6.1.6.3.1.1.5.3");
  EXPECT_EQ(down->uptime, 1234U);
  EXPECT_EQ(wire::trap_text(*down), "ifIndex=47 ifOperStatus=down");
  EXPECT_EQ(wire::trap_text(*read(trap_datagram(device_word::link_up, "demo", milliseconds{0}, 0))),
            "ifIndex=1 ifOperStatus=up");
  EXPECT_EQ(read(trap_datagram(device_word::cold_start, "demo", milliseconds{300}, 1))->trap, "1.3.6.1.6.3.1.1.5.1");
  const auto gasp = read(trap_datagram(device_word::dying_gasp, "demo", milliseconds{0}, 1));
  ASSERT_TRUE(gasp);
  EXPECT_EQ(gasp->trap, "1.3.6.1.2.1.158.0.2");
  EXPECT_EQ(wire::trap_number(*gasp, "1.3.6.1.2.1.158.1.6.1.4"), 257);
}

}  // namespace
}  // namespace changtong::simulate
