#pragma once
/** An SNMP v3 agent on a socket of the test's own, which says what a test wants and may lie. It signs by the code under
 * test; that others can read it is shown with net-snmp (net/usm_peer_test.cpp, tests/e2e/agents_v3_test.py). */
#include <functional>
#include <string>

#include "collectors/net/usm.h"
#include "tests/collectors/ber_writer.h"
#include "tests/collectors/udp_peer.h"

namespace changtong::test {

struct secured_agent {
  net::usm_user_keys user = net::usm_keys_of(net::auth_protocol::sha1, secret("maplesyrup"),
                                             net::privacy_protocol::aes128, secret("maplesugar"));
  byte_vector engine = {0x80, 0, 0x1f, 0x88, 4, 'a', 'b', 'c'};
  std::uint32_t boots = 5, time = 1000;
  std::string name = "reader";
  net::usm usm;
  wire::snmp3_message last;  ///< of the datagram that next() has read
  byte_vector packet;
  wire::snmp3_scoped scoped;
  byte_vector uncovered;

  bool next(udp_peer& from) {
    const auto p = from.next();
    if (!p) return false;
    packet = *p;
    last = wire::read_snmp3_message(packet);
    const auto opened = usm.open(keys(), last, packet);
    uncovered.assign(opened.scoped.begin(), opened.scoped.end());
    scoped = wire::read_snmp3_scoped(uncovered);
    return last.known;
  }
  [[nodiscard]] net::usm_engine_keys keys() const { return net::localized(user, engine); }
  [[nodiscard]] bool asked_who() const { return last.engine.empty() && !last.authenticated(); }
  [[nodiscard]] bool asked_in_time() const {
    return last.boots == boots && last.time + 150 >= time && last.time <= time + 150;
  }

  static byte_vector pdu(std::uint8_t tag, std::uint64_t id, const byte_vector& bindings, std::uint64_t error = 0) {
    return ber::tlv(
        tag, ber::joined({ber::number(2, id), ber::number(2, error), ber::number(2, 0), ber::tlv(0x30, bindings)}));
  }
  [[nodiscard]] byte_vector report_pdu(std::uint8_t counter) const {
    return pdu(
        0xa8, 0,
        ber::tlv(0x30, ber::joined({ber::tlv(6, {0x2b, 6, 1, 6, 3, 15, 1, 1, counter, 0}), ber::number(0x41, 7)})));
  }
  [[nodiscard]] byte_vector sealed(const net::usm_engine_keys& with, const byte_vector& inner) {
    byte_vector out(2000);
    wire::snmp3_draft d;
    d.id = static_cast<std::uint32_t>(last.id);
    d.max_size = 65507;
    d.engine = engine;
    d.boots = boots;
    d.time = time;
    d.user = name;
    d.pdu = inner;
    out.resize(usm.seal(with, d, out));
    return out;
  }
  /** By usmStats' number: 1 level, 2 time, 3 user, 4 engine, 5 digest, 6 decryption. */
  [[nodiscard]] byte_vector report(std::uint8_t counter) { return sealed({}, report_pdu(counter)); }
  /** Signed, but not hidden: as agents tell their time. */
  [[nodiscard]] byte_vector signed_report(std::uint8_t counter) {
    net::usm_engine_keys k = keys();
    k.privacy = net::privacy_protocol::none;
    return sealed(k, report_pdu(counter));
  }
  [[nodiscard]] byte_vector response(std::uint64_t up_time, std::uint64_t error = 0) {
    return sealed(keys(), pdu(0xa2, static_cast<std::uint64_t>(last.id),
                              ber::binding(ber::sys_up_time, ber::number(0x43, up_time)), error));
  }
};

}  // namespace changtong::test
