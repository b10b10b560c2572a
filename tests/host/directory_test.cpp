#include "daemon/host/directory.h"

#include <gtest/gtest.h>

#include "tests/collectors/test_authority.h"
#include "tests/host/post_peers.h"

namespace changtong::host {
namespace {

using std::chrono::milliseconds;

TEST(Directory, ANameStandsInADnAndInAFilterAsNothingButAName) {
  EXPECT_EQ(directory_escaped("wang07"), "wang07");
  EXPECT_EQ(directory_escaped("x)(uid=*"), "x\\29\\28uid\\3d\\2a") << "a filter of somebody's own";
  EXPECT_EQ(directory_escaped("x,ou=admins"), "x\\2cou\\3dadmins") << "an entry elsewhere";
  EXPECT_EQ(directory_escaped(std::string_view("\\\0# ", 4)), "\\5c\\00\\23\\20");
  EXPECT_EQ(directory_escaped("王"), "\\e7\\8e\\8b");
}

TEST(Directory, TheAttributeIsTheOneThatHoldsTheName) {
  EXPECT_EQ(directory_attribute("uid={user},ou=people,dc=example"), "uid");
  EXPECT_EQ(directory_attribute("o=x+cn={user},dc=example"), "cn");
  EXPECT_EQ(directory_attribute("(&(objectClass=person)(sAMAccountName={user}))"), "sAMAccountName");
  EXPECT_EQ(directory_attribute("{user}@example.gov.cn"), "");
  EXPECT_EQ(directory_attribute("uid=wang,dc=example"), "");
}

TEST(Directory, WithoutAPasswordOrANameNobodyIsAsked) {
  const directory_settings nowhere{.url = "ldaps://127.0.0.1:1", .user_dn = "uid={user},dc=example"};
  const auto empty = ask_directory(nowhere, "wang", secret(""), milliseconds{2'000});
  ASSERT_TRUE(empty) << "it was not tried";
  EXPECT_FALSE(*empty);
  EXPECT_FALSE(ask_directory(nowhere, "", secret("x"), milliseconds{2'000}).value());
  const auto tried = ask_directory(nowhere, "wang", secret("hidden-word"), milliseconds{2'000});
  ASSERT_FALSE(tried) << "who does not answer has not said that the password is wrong";
  EXPECT_EQ(to_string(tried.error()).find("hidden-word"), std::string::npos);
}

TEST(Directory, OneThatAcceptsAndIsSilentHoldsNobodyForLong) {
  test::tcp_peer silent([](test::tcp::socket& s) {
    char one = 0;
    boost::system::error_code over;
    while (!over) s.read_some(boost::asio::buffer(&one, 1), over);
  });
  for (const char* scheme : {"ldaps", "ldap"}) {
    const directory_settings at{.url = std::string(scheme) + "://127.0.0.1:" + silent.port(), .user_dn = "uid={user}"};
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(ask_directory(at, "wang", secret("x"), milliseconds{1'000})) << scheme;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{30}) << scheme;
  }
}

/** A directory that takes every bind, and answers what it is told to (by the number of the question) with one message
 * after the other, as long as anybody listens. */
class endless_directory {
 public:
  using answer = std::function<std::string(char id)>;
  endless_directory(int at_question, answer with)
      : at_(at_question), with_(std::move(with)), peer_([this](test::tcp::socket& s) { converse(s); }) {}

  [[nodiscard]] result<directory_answer> asked(const std::string& scheme = "ldaps") {
    const directory_settings at{.url = peer_.at(scheme),
                                .ca_file = ours_.file(),
                                .base = "dc=x",
                                .filter = "(uid={user})",
                                .bind_dn = "cn=r",
                                .bind_password = secret("r")};
    return ask_directory(at, "wang", secret("x"), milliseconds{60'000});
  }
  /** What it got rid of; of that the machine's buffers may hold some MiB. */
  [[nodiscard]] std::size_t sent() const { return sent_; }
  static constexpr std::size_t gives_up = 64 << 20, most_buffered = 16 << 20;

 private:
  template <class Stream>
  void speak(Stream& s) {
    boost::system::error_code over;
    std::string question(4096, ' ');
    for (int n = 1; !over; ++n) {
      s.read_some(boost::asio::buffer(question), over);
      const char id = question[4];  // 30 LL 02 01 id
      if (n != at_) {
        boost::asio::write(s, boost::asio::buffer(std::string("\x30\x0c\x02\x01") + id + bound), over);
        continue;
      }
      std::string many;
      while (many.size() < 64 << 10) many += with_(id);
      for (; !over && sent_ < gives_up; sent_ += many.size()) boost::asio::write(s, boost::asio::buffer(many), over);
      return;
    }
  }
  void converse(test::tcp::socket& s) {
    if (at_ == 0) {  // of the question for TLS
      at_ = 1;
      return speak(s);
    }
    boost::asio::ssl::stream<test::tcp::socket&> stream(s, *tls_);
    boost::system::error_code failed;
    stream.handshake(boost::asio::ssl::stream_base::server, failed);
    if (!failed) speak(stream);
  }

  inline static const std::string bound{"\x61\x07\x0a\x01\x00\x04\x00\x04\x00", 9};
  test::test_authority ours_;
  std::unique_ptr<boost::asio::ssl::context> tls_ = ours_.server("IP:127.0.0.1");
  std::atomic<int> at_;
  answer with_;
  std::atomic<std::size_t> sent_{0};
  test::tcp_peer peer_;
};

std::string entry(char id) { return std::string("\x30\x0d\x02\x01") + id + "\x64\x08\x04\x04uid=\x30" + '\0'; }

TEST(Directory, OneThatFindsWithoutEndIsLeftAtTheSecondEntry) {
  endless_directory d(2, entry);
  const auto said = d.asked();
  ASSERT_TRUE(said) << to_string(said.error());
  EXPECT_FALSE(*said) << "several are nobody";
  EXPECT_LT(d.sent(), endless_directory::most_buffered);
}

TEST(Directory, OneThatAnswersABindWithEntriesIsNotListenedTo) {
  endless_directory d(1, entry);
  EXPECT_FALSE(d.asked());
  EXPECT_LT(d.sent(), endless_directory::most_buffered);
}

TEST(Directory, WhatNobodyAskedForIsCutOffAfterAMebibyte) {
  for (const int at : {2, 1, 0}) {
    endless_directory d(at, [](char id) { return entry(static_cast<char>(id + 40)); });
    EXPECT_FALSE(d.asked(at == 0 ? "ldap" : "ldaps")) << at;
    EXPECT_LT(d.sent(), endless_directory::most_buffered) << at;
  }
}

TEST(Directory, OneThatRefersElsewhereWithoutEndIsLeft) {
  endless_directory d(2, [](char id) { return std::string("\x30\x0a\x02\x01") + id + "\x73\x05\x04\x03l:/"; });
  EXPECT_FALSE(d.asked());
  EXPECT_LT(d.sent(), endless_directory::most_buffered);
}

}  // namespace
}  // namespace changtong::host
