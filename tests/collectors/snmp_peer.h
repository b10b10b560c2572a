#pragma once
/** An agent on loopback whose answers a test writes by hand, and the collector that asks it. */
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "collectors/snmp.h"
#include "collectors/wire/snmp_answer.h"
#include "collectors/wire/snmp_envelope.h"
#include "tests/collectors/ber_writer.h"
#include "tests/collectors/failing_calls.h"
#include "tests/collectors/recording_sink.h"
#include "tests/collectors/udp_peer.h"

namespace changtong::test {

struct Snmp : testing::Test {
  Snmp() { failing_calls::reset(); }
  ~Snmp() override { failing_calls::reset(); }

  std::shared_ptr<const check_settings> settings(std::uint16_t port, std::string interfaces = "2",
                                                 const char* any_source = "no") {
    kind_arguments a;
    a.pairs = {{"credential", "public"}, {"port", std::to_string(port)}, {"any_source", any_source}};
    if (!interfaces.empty()) a.pairs.push_back({"if", interfaces});
    a.find_credential = [this](std::string_view name) { return name == "public" ? &who : nullptr; };
    return snmp_kind().parse(a).value();
  }
  static byte_vector values(std::uint64_t up_time = 4242, const byte_vector& octets = ber::number(0x46, 1ULL << 40U)) {
    return ber::joined({ber::binding(ber::sys_up_time, ber::number(0x43, up_time)),
                        ber::binding(ber::interface(8, 2), ber::number(0x02, 1)),
                        ber::binding(ber::interface(6, 2), octets),
                        ber::binding(ber::interface(10, 2), ber::number(0x46, 7)),
                        ber::binding(ber::interface(14, 2), ber::number(0x41, 0xffffffff)),
                        ber::binding(ber::interface(20, 2), ber::number(0x41, 0))});
  }
  std::uint32_t asked_id() {
    const auto request = agent.next();
    EXPECT_TRUE(request);
    const auto e = wire::read_snmp_envelope(*request);
    EXPECT_TRUE(e.known);
    names = wire::snmp_names(*request).size();
    return static_cast<std::uint32_t>(e.request_id);
  }
  bool answered(std::uint32_t ticket) {
    return drain_until(*snmp, [&] { return sink.answers.contains(ticket); });
  }
  bool counted(std::string_view reason, std::uint64_t count = 1) {
    return drain_until(*snmp, [&] { return ignored_for(*snmp, reason) == count; });
  }

  credential who{"public", "2c", secret("pub lic")};
  udp_peer agent;
  recording_sink sink;
  std::size_t names = 0;  ///< how many objects the latest question was about
  std::unique_ptr<collector> snmp = make_snmp(sink, failing_calls::table());
  check line = make_check("127.0.0.1", settings(agent.port()));
};

}  // namespace changtong::test
