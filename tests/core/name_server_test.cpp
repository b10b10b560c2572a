#include "daemon/core/name_server.h"

#include <gtest/gtest.h>

namespace changtong {
namespace {

TEST(NameServer, IsAnAddressWithOrWithoutAPort) {
  for (const char* text : {"192.0.2.53", "192.0.2.53:5353", "127.0.0.1:1", "127.0.0.1:65535", "[2001:db8::53]",
                           "[2001:db8::53]:5353", "[::1]:5355"}) {
    const auto read = parse_name_server(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(to_string(*read), text);
  }
  EXPECT_EQ(parse_name_server("192.0.2.53")->port, 53);
  EXPECT_EQ(parse_name_server("[::1]:5355")->port, 5355);
  EXPECT_EQ(to_string(*parse_name_server("192.0.2.53:53")), "192.0.2.53");
}

TEST(NameServer, AnythingElseIsRefused) {
  for (const char* text :
       {"", "dns.example", "192.0.2.53:", "192.0.2.53:0", "192.0.2.53:65536", "192.0.2.53:53x", "192.0.2.53:-1",
        "192.0.2.53 :53", "2001:db8::53", "2001:db8::53:53", "[2001:db8::53", "[2001:db8::53]53",
        "[2001:db8::53]:", "[192.0.2.53]", "[192.0.2.53]:53", "[]", "[]:53", ":53", "[fe80::1%eth0]:53"})
    EXPECT_FALSE(parse_name_server(text)) << text;
}

}  // namespace
}  // namespace changtong
