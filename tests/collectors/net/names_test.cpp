// Names are asked of the servers that were stated, and our own resolver is judged by other names.
#include "collectors/net/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "collectors/net/clock.h"
#include "tests/collectors/net/name_peer.h"

namespace changtong::net {
namespace {

using test::name_peer;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using how = name_peer::manner;

class Names : public testing::Test {
 protected:
  /** Runs the loop until `there` holds a value, five seconds at most. */
  template <class T>
  T waited(const std::optional<T>& there) {
    const mono_t end = mono_now() + std::chrono::seconds{5};
    while (!there && mono_now() < end) io_.run_one_for(milliseconds{100});
    if (!there) ADD_FAILURE() << "nothing was told";
    return there.value_or(T{});
  }
  name_answer ask(names& of, const std::string& host, bool v6 = false) {
    std::optional<name_answer> told;
    of.ask(host, v6, asker_, [&](const name_answer& a) { told = a; });
    EXPECT_FALSE(told) << "never before ask() returns";
    return waited(told);
  }
  bool another(names& of, const std::string& host) {
    std::optional<bool> told;
    of.ask_another(host, asker_, [&](bool answered) { told = answered; });
    EXPECT_FALSE(told) << "never before ask_another() returns";
    return waited(told);
  }

  boost::asio::io_context io_;
  std::shared_ptr<int> asker_ = std::make_shared<int>();
  name_peer peer_{io_};
  names names_{io_, {peer_.where()}};
};

TEST_F(Names, StatedServerIsAskedAtItsPort) {
  peer_.names["portal.yunze.test"] = how::answers;
  const name_answer a = ask(names_, "portal.yunze.test");
  EXPECT_EQ(a.what, name_state::found) << a.said;
  EXPECT_THAT(a.addresses, ElementsAre(parse_address("192.0.2.7").value()));
  EXPECT_EQ(ask(names_, "portal.yunze.test", true).what, name_state::not_found) << "it has no address of IPv6";
  EXPECT_EQ(ask(names_, "nobody.yunze.test").what, name_state::not_found);
}

TEST_F(Names, ServerOfIPv6IsAskedToo) {
  std::optional<name_peer> v6;
  try {
    v6.emplace(io_, "::1");
  } catch (const boost::system::system_error& e) {
    GTEST_SKIP() << "this machine has no IPv6, as in many containers: " << e.what();
  }
  v6->names["portal.yunze.test"] = how::answers;
  names of(io_, {v6->where()});
  EXPECT_EQ(ask(of, "portal.yunze.test").what, name_state::found);
}

TEST_F(Names, NextServerIsAskedWhereTheFirstRefuses) {
  name_peer second(io_);
  peer_.names["portal.yunze.test"] = how::refuses;
  second.names["portal.yunze.test"] = how::answers;
  names of(io_, {peer_.where(), second.where()});
  EXPECT_EQ(ask(of, "portal.yunze.test").what, name_state::found);
  EXPECT_THAT(peer_.asked, ElementsAre("portal.yunze.test"));
}

TEST_F(Names, TheOnlyServersOwnWordIsKept) {
  peer_.names["portal.yunze.test"] = how::refuses;
  const name_answer a = ask(names_, "portal.yunze.test");
  EXPECT_EQ(a.what, name_state::failed);
  EXPECT_NE(a.said.find("refused"), std::string::npos) << a.said;
}

TEST_F(Names, SilentNameHoldsUpNoOther) {
  peer_.names = {{"silent.yunze.test", how::is_silent}, {"portal.yunze.test", how::answers}};
  bool told = false;
  for (int n = 0; n < 50; ++n) names_.ask("silent.yunze.test", false, asker_, [&](const name_answer&) { told = true; });
  const mono_t before = mono_now();
  EXPECT_EQ(ask(names_, "portal.yunze.test").what, name_state::found);
  EXPECT_LT(mono_now() - before, milliseconds{900}) << "a second is what c-ares waits before it asks again";
  EXPECT_FALSE(told);
}

TEST_F(Names, OurResolverIsJudgedByTheNameThatItKnewLast) {
  peer_.names["known.yunze.test"] = how::answers;
  ask(names_, "known.yunze.test");
  peer_.asked.clear();
  EXPECT_TRUE(another(names_, "doubtful.yunze.test"));
  EXPECT_THAT(peer_.asked, ElementsAre("known.yunze.test"));
  peer_.names["known.yunze.test"] = how::refuses;
  EXPECT_FALSE(another(names_, "doubtful.yunze.test"));
  EXPECT_EQ(peer_.asked.back(), "known.yunze.test");
}

TEST_F(Names, OurResolverIsNotJudgedByTheDoubtfulNameItself) {
  peer_.names["known.yunze.test"] = how::answers;
  ask(names_, "known.yunze.test");
  peer_.asked.clear();
  peer_.names[""] = how::answers;
  EXPECT_TRUE(another(names_, "known.yunze.test"));
  EXPECT_THAT(peer_.asked, ElementsAre("")) << "the root, which no site's owner can break";
}

TEST_F(Names, OurResolverThatNeverKnewANameAndFailsOthersIsNotAskedAgain) {
  peer_.names["other.yunze.test"] = how::refuses;
  ask(names_, "other.yunze.test");
  peer_.asked.clear();
  EXPECT_FALSE(another(names_, "doubtful.yunze.test"));
  EXPECT_TRUE(peer_.asked.empty());
}

TEST_F(Names, OurResolverThatWasNeverAskedIsAskedForTheRoot) {
  peer_.names[""] = how::answers;
  EXPECT_TRUE(another(names_, "doubtful.yunze.test"));
  peer_.names[""] = how::refuses;
  EXPECT_FALSE(another(names_, "doubtful.yunze.test"));
  EXPECT_THAT(peer_.asked, Contains(""));
  EXPECT_THAT(peer_.asked, Not(Contains("doubtful.yunze.test")));
}

TEST_F(Names, QuestionsForOurOwnSakeAreNoSitesAnswer) {
  peer_.names = {{"", how::answers}, {"known.yunze.test", how::answers}};
  const mono_t before = mono_now();
  another(names_, "doubtful.yunze.test");
  EXPECT_FALSE(names_.answered_another("doubtful.yunze.test", before));
  ask(names_, "known.yunze.test");
  EXPECT_TRUE(names_.answered_another("doubtful.yunze.test", before));
  EXPECT_FALSE(names_.answered_another("known.yunze.test", before));
  EXPECT_FALSE(names_.answered_another("doubtful.yunze.test", mono_now() + milliseconds{1}));
}

TEST_F(Names, WhoIsGoneIsToldNothing) {
  peer_.names["portal.yunze.test"] = how::answers;
  bool told = false;
  {
    const auto gone = std::make_shared<int>();
    names_.ask("portal.yunze.test", false, gone, [&](const name_answer&) { told = true; });
  }
  ask(names_, "portal.yunze.test");
  EXPECT_FALSE(told);
}

}  // namespace
}  // namespace changtong::net
