// The demo as main.cpp uses it: files, a running district, a reckoning, and nothing left behind.
#include "daemon/simulate/demo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "daemon/settings/settings.h"
#include "tests/simulate/wire_question.h"

namespace changtong::simulate {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

demo_options some_options(std::string& printed) {
  const auto base = static_cast<std::uint16_t>(40'000 + getpid() % 2'000 * 8);
  demo_options o;
  o.lines = 30;
  o.ports = port_numbers::from(base);
  o.print = [&printed](std::string_view text) { printed += text; };
  return o;
}

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string community_of(const demo& d) {
  std::string c = text_of(d.dir() + "/community");
  while (!c.empty() && c.back() == '\n') c.pop_back();
  return c;
}

asking::bytes ask_first_line(const demo& d) {
  return asking::ask_snmp(d.where().lines[0].address, d.where().ports.snmp,
                          asking::snmp_question(community_of(d), {asking::sys_name}), 1000);
}

TEST(Demo, WritesFilesThatTheDaemonLoads) {
  std::string printed;
  const auto d = demo::make(some_options(printed));
  ASSERT_TRUE(d);
  const load_result loaded = load((*d)->config_path());
  ASSERT_TRUE(loaded) << (loaded ? std::string() : to_string(loaded.error().list.front()));
  EXPECT_EQ(loaded->value.targets->targets.size(), 36U);
  EXPECT_EQ(loaded->value.credentials[0].community.reveal(), community_of(**d));
  EXPECT_EQ(loaded->warnings.size(), 1U) << "that SNMP v2c is in clear text";
}

TEST(Demo, SecretIsReadableByItsOwnerOnlyAndNeverPrinted) {
  std::string printed;
  const auto d = demo::make(some_options(printed));
  ASSERT_TRUE(d);
  ASSERT_TRUE((*d)->start());
  for (const char* secret : {"/community", "/li.token", "/wang.token"})
    EXPECT_EQ(fs::status((*d)->dir() + secret).permissions(), fs::perms::owner_read | fs::perms::owner_write) << secret;
  EXPECT_NE(text_of((*d)->dir() + "/li.token"), text_of((*d)->dir() + "/wang.token"));
  (*d)->stop();
  EXPECT_EQ(printed.find(community_of(**d)), std::string::npos);
}

TEST(Demo, AloneItTellsWhatIsDoneAndMakesNoReckoning) {
  std::string printed;
  demo_options o = some_options(printed);
  o.watched = false;
  const auto d = demo::make(std::move(o));
  ASSERT_TRUE(d);
  ASSERT_TRUE((*d)->start());
  EXPECT_FALSE(ask_first_line(**d).empty());
  (*d)->stop();
  EXPECT_THAT(printed, HasSubstr("切断  "));
  EXPECT_EQ(printed.find("对账"), std::string::npos);
}

TEST(Demo, AnswersWhileItRunsAndFallsSilentWhenStopped) {
  std::string printed;
  const auto d = demo::make(some_options(printed));
  ASSERT_TRUE(d);
  const auto started = (*d)->start();
  ASSERT_TRUE(started) << to_string(started.error());
  EXPECT_FALSE(ask_first_line(**d).empty());
  EXPECT_THAT(asking::fetch((*d)->where().sites[0].address, (*d)->where().sites[0].port), HasSubstr("200 OK"));
  (*d)->stop();
  EXPECT_EQ(asking::knock((*d)->where().lines[0].address, (*d)->where().ports.tcp, 200), ECONNREFUSED);
  EXPECT_THAT(printed, HasSubstr("云泽区"));
  EXPECT_THAT(printed, HasSubstr("合计"));
}

TEST(Demo, FewDescriptorsMakeItShareSocketsAndSaySo) {
  std::string printed;
  demo_options o = some_options(printed);
  o.descriptors = 100;
  const auto d = demo::make(o);
  ASSERT_TRUE(d);
  ASSERT_TRUE((*d)->start());
  EXPECT_FALSE(ask_first_line(**d).empty());
  EXPECT_THAT(printed, HasSubstr("共用一个 UDP"));
  (*d)->stop();
}

TEST(Demo, SecondOneOnTheSamePortsIsRefusedWithTheReason) {
  std::string printed;
  const auto first = demo::make(some_options(printed)), second = demo::make(some_options(printed));
  ASSERT_TRUE(first && second);
  ASSERT_TRUE((*first)->start());
  const auto refused = (*second)->start();
  ASSERT_FALSE(refused);
  EXPECT_THAT(to_string(refused.error()), HasSubstr("地址或端口已被占用"));
  EXPECT_FALSE(ask_first_line(**first).empty());
}

TEST(Demo, TemporaryDirectoryGoesWithIt) {
  std::string printed;
  auto d = demo::make(some_options(printed));
  ASSERT_TRUE(d);
  const std::string dir = (*d)->dir();
  EXPECT_TRUE(fs::exists(dir + "/lines.csv"));
  d->reset();
  EXPECT_FALSE(fs::exists(dir));
}

TEST(Demo, DirectoryThatWasNamedStays) {
  std::string printed;
  demo_options o = some_options(printed);
  o.dir = (fs::temp_directory_path() / ("changtong-demo-test-" + std::to_string(getpid()))).string();
  demo::make(o)->reset();
  EXPECT_TRUE(fs::exists(o.dir + "/changtong.yaml"));
  fs::remove_all(o.dir);
}

TEST(Demo, UnwritableDirectoryIsAProblemNotACrash) {
  std::string printed;
  demo_options o = some_options(printed);
  o.dir = "/proc/no-such-place";
  const auto d = demo::make(o);
  ASSERT_FALSE(d);
  EXPECT_THAT(to_string(d.error()), HasSubstr("/proc/no-such-place"));
}

TEST(Demo, AnnouncementFromAnotherThreadReachesTheAccount) {
  std::string printed;
  const auto d = demo::make(some_options(printed));
  ASSERT_TRUE(d);
  ASSERT_TRUE((*d)->start());
  transition said;
  said.target = (*d)->where().lines[0].id;
  said.to = line_state::down;
  (*d)->announced(said, said.at);
  EXPECT_EQ((*d)->stop().false_alarms.size(), 1U);
}

}  // namespace
}  // namespace changtong::simulate
