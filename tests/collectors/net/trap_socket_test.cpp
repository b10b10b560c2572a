#include "collectors/net/trap_socket.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <string>

namespace changtong::net {
namespace {

/** Somebody on an address of loopback. */
class peer {
 public:
  explicit peer(const char* address) : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = inet_addr(address);
    EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&from), sizeof from), 0);
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  void send(const char* to, std::uint16_t port, const std::string& text) const {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = inet_addr(to);
    at.sin_port = htons(port);
    ::sendto(fd_.get(), text.data(), text.size(), 0, reinterpret_cast<sockaddr*>(&at), sizeof at);
  }
  /** What came, and from where. */
  [[nodiscard]] std::string received() const {
    std::array<char, 64> text{};
    sockaddr_in from{};
    socklen_t length = sizeof from;
    const auto got = ::recvfrom(fd_.get(), text.data(), text.size(), 0, reinterpret_cast<sockaddr*>(&from), &length);
    return got < 0 ? "nothing"
                   : std::string(text.data(), static_cast<std::size_t>(got)) + " " + inet_ntoa(from.sin_addr);
  }

 private:
  owned_fd fd_;
};

std::string text_of(const trap_datagram& d) { return {reinterpret_cast<const char*>(d.bytes.data()), d.bytes.size()}; }

TEST(TrapSocket, AnswersFromTheAddressThatWasWrittenTo) {
  auto opened = trap_socket::open(*parse_address("0.0.0.0"), 0);
  ASSERT_TRUE(opened) << to_string(opened.error());
  trap_socket& s = **opened;
  const peer device("127.4.5.6");
  device.send("127.7.8.9", s.port(), "trap");
  ASSERT_TRUE(s.wait(milliseconds{5000}));
  const auto got = s.receive();
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(text_of(got[0]), "trap");
  EXPECT_FALSE(got[0].oversized);
  EXPECT_EQ(to_string(got[0].sender.address), "127.4.5.6");
  const std::string answer = "answer";
  s.send({reinterpret_cast<const std::uint8_t*>(answer.data()), answer.size()}, got[0].sender);
  EXPECT_EQ(device.received(), "answer 127.7.8.9");
  EXPECT_TRUE(s.receive().empty());
  EXPECT_EQ(s.lost(), 0U);
}

TEST(TrapSocket, OneOfIpv6HearsIpv4ByItsOwnAddress) {
  auto opened = trap_socket::open(*parse_address("::"), 0);
  if (!opened) GTEST_SKIP() << "this machine has no IPv6, as in many containers: " << to_string(opened.error());
  trap_socket& s = **opened;
  const peer device("127.4.5.6");
  device.send("127.0.0.1", s.port(), "trap");
  ASSERT_TRUE(s.wait(milliseconds{5000}));
  const auto got = s.receive();
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(to_string(got[0].sender.address), "127.4.5.6");
  const std::string answer = "answer";
  s.send({reinterpret_cast<const std::uint8_t*>(answer.data()), answer.size()}, got[0].sender);
  EXPECT_EQ(device.received(), "answer 127.0.0.1");
}

TEST(TrapSocket, ABatchIsReadAtOnceAndWhatIsTooLongIsMarked) {
  auto opened = trap_socket::open(*parse_address("127.0.0.1"), 0);
  ASSERT_TRUE(opened);
  trap_socket& s = **opened;
  const peer device("127.4.5.6");
  for (int n = 0; n < 5; ++n) device.send("127.0.0.1", s.port(), std::to_string(n));
  device.send("127.0.0.1", s.port(), std::string(trap_socket::longest + 1, 'x'));
  device.send("127.0.0.1", s.port(), "");
  ASSERT_TRUE(s.wait(milliseconds{5000}));
  const auto got = s.receive();  // loopback delivers before sendto() returns
  ASSERT_EQ(got.size(), 7U);
  for (std::size_t n = 0; n < 5; ++n) EXPECT_EQ(text_of(got[n]), std::to_string(n));
  EXPECT_TRUE(got[5].oversized);
  EXPECT_TRUE(got[6].bytes.empty());
  EXPECT_FALSE(s.wait(milliseconds{0}));
}

TEST(TrapSocket, APortThatIsTakenIsAProblemInWords) {
  const auto first = trap_socket::open(*parse_address("127.0.0.1"), 0);
  ASSERT_TRUE(first);
  const auto second = trap_socket::open(*parse_address("127.0.0.1"), (*first)->port());
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().text_en.find("traps cannot be received at 127.0.0.1 port"), std::string::npos);
}

}  // namespace
}  // namespace changtong::net
