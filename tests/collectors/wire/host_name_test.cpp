#include "collectors/wire/host_name.h"

#include <gtest/gtest.h>

namespace changtong::wire {
namespace {

TEST(HostName, ChineseNamesAreWhatTheNetworkKnows) {
  EXPECT_EQ(host_name("测试区人民政府.政务"), "xn--gmq92i23lfugo7i0zbv10h.xn--zfr164b");
  EXPECT_EQ(host_name("www。例子。中国"), "www.xn--fsqu00a.xn--fiqs8s") << "a full stop of ours is a dot";
  EXPECT_EQ(host_name("ＷＷＷ.example"), "www.example");
}

TEST(HostName, NamesInUseAreTaken) {
  EXPECT_EQ(host_name("WWW.Example.GOV.cn"), "www.example.gov.cn");
  EXPECT_EQ(host_name("a_b.example."), "a_b.example.");
  EXPECT_EQ(host_name("r3---sn-x.example"), "r3---sn-x.example");
}

TEST(HostName, WhatIsNoNameIsNone) {
  for (const char* text : {"", "a b", "a/b", "\xca\xfd", "xn\xff", "例 子"})
    EXPECT_EQ(host_name(text), std::nullopt) << text;
  EXPECT_EQ(host_name(std::string(254, 'a')), std::nullopt);
}

}  // namespace
}  // namespace changtong::wire
