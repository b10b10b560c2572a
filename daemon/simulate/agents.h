#pragma once
/** The simulated lines on the wire: SNMP over UDP and a TCP port for each, on its own address in 127.0.0.0/8.
 *
 * Normally every line has two sockets of its own, and a cut closes them, so that the kernel itself refuses. Where the
 * descriptors do not reach (two a line), all lines share one UDP and one TCP socket that are bound to the loopback
 * device: the UDP one drops by destination, the TCP one by a socket filter, so a cut line is silent instead of
 * refusing, and a lossy one loses SNMP only. Nothing is ever reachable from outside the host. Needs no privilege.
 *
 * Everything runs on the thread of the io_context, which must outlive the agents; so must the district. */
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/result.h"
#include "daemon/simulate/agent.h"
#include "daemon/simulate/district.h"
#include "daemon/simulate/secured_agent.h"

namespace boost::asio {
class io_context;
}

namespace changtong::simulate {

struct line_condition {
  bool snmp = true;
  bool tcp = true;
  double loss = 0;        ///< share of packets lost, 0 .. 1
  milliseconds delay{0};  ///< before an SNMP answer
  friend bool operator==(const line_condition&, const line_condition&) = default;
};

class agents {
 public:
  virtual ~agents() = default;
  agents(const agents&) = delete;
  agents& operator=(const agents&) = delete;

  /** Takes effect before it returns. What the kernel had received for a line before it is cut is answered first. On a
   * problem (the port was taken meanwhile) the line stays cut. */
  virtual result<void> set(std::uint32_t line, const line_condition& to) = 0;
  /** Its device begins anew: what it answers from now on says so. */
  virtual void restart(std::uint32_t line) = 0;
  /** For the head line, in Chinese. */
  [[nodiscard]] virtual std::string describe() const = 0;
  /** Datagrams answered so far. */
  [[nodiscard]] std::uint64_t answered() const { return answered_; }

 protected:
  agents() = default;
  std::uint64_t answered_ = 0;
};

/** What both forms know. */
struct agent_world {
  const district* where = nullptr;
  std::string community;
  std::vector<agent> lines;
  mono_t began{};
  std::unique_ptr<secured_agents> secured;  ///< of a third of the lines

  void restart(std::uint32_t line);
  /** As answer_datagram. */
  [[nodiscard]] std::size_t answer(std::uint32_t line, std::span<const std::uint8_t> datagram,
                                   std::span<std::uint8_t, most_response_bytes> out) const;
};
[[nodiscard]] agent_world make_world(const district& d, std::string community, mono_t began);

/** Opens every line. `descriptors` is how many the whole process may hold; it decides the form. A problem names the
 * address that could not be opened. */
[[nodiscard]] result<std::unique_ptr<agents>> open_agents(boost::asio::io_context& io, agent_world world,
                                                          std::size_t descriptors);
[[nodiscard]] result<std::unique_ptr<agents>> open_own_sockets(boost::asio::io_context& io, agent_world world);
[[nodiscard]] result<std::unique_ptr<agents>> open_shared_sockets(boost::asio::io_context& io, agent_world world);

/** Raises the soft limit of descriptors to the hard one; what it is now. */
std::size_t raise_descriptor_limit();

}  // namespace changtong::simulate
