// Websites over TLS.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "tests/collectors/http_visits.h"
#include "tests/collectors/test_authority.h"

namespace changtong::test {
namespace {

struct Https : Http {
  test_authority authority;
  static std::string page(const std::string&) { return web_peer::ok("page"); }
};

TEST_F(Https, CertificateOfOurAuthorityIsGood) {
  const auto tls = authority.server("DNS:portal.example,IP:127.0.0.1");
  const web_peer peer(page, tls.get());
  for (const char* host : {"portal.example", "127.0.0.1"}) {
    const auto a = visit(std::string("https://") + host + ":" + peer.port() + "/", {{"ca", authority.file()}});
    EXPECT_EQ(a.what, outcome::good) << a.detail;
    EXPECT_GT(fact_of(a, fact_name::tls_nanoseconds), 0);
    EXPECT_NEAR(static_cast<double>(fact_of(a, fact_name::certificate_expiry_seconds)),
                static_cast<double>(std::time(nullptr)) + 3600, 60)
        << "the authority's certificate is the chain's first to expire";
  }
}

TEST_F(Https, PageWithoutALengthIsWholeThoughTheServerForgetsToSayGoodbye) {
  const auto tls = authority.server("IP:127.0.0.1");
  const auto ends_with_the_connection = [this, &tls](const std::string& head) {
    const web_peer peer([&head](const std::string&) { return head + "\r\n\r\nwhole page"; }, tls.get());
    return visit("https://127.0.0.1:" + peer.port() + "/", {{"ca", authority.file()}});
  };
  const auto whole = ends_with_the_connection("HTTP/1.0 200 OK");
  EXPECT_EQ(whole.what, outcome::good) << whole.detail;
  EXPECT_EQ(fact_of(whole, fact_name::page_bytes), 10);
  EXPECT_EQ(ends_with_the_connection("HTTP/1.1 200 OK\r\nContent-Length: 99").what, outcome::bad)
      << "where a length was named it is missing something";
}

TEST_F(Https, EachBadCertificateSaysWhy) {
  const auto detail = [this](const std::string& names, long from, long to, pairs more) {
    const auto tls = authority.server(names, from, to);
    const web_peer peer(page, tls.get());
    const auto a = visit("https://portal.example:" + peer.port() + "/", std::move(more));
    EXPECT_EQ(a.what, outcome::bad);
    EXPECT_EQ(a.why, cause::tls_certificate);
    return a.detail;
  };
  const pairs ours{{"ca", authority.file()}};
  EXPECT_NE(detail("DNS:portal.example", -7200, -3600, ours).find("证书已过期"), std::string::npos);
  EXPECT_NE(detail("DNS:portal.example", 3600, 7200, ours).find("证书尚未生效"), std::string::npos);
  EXPECT_NE(detail("DNS:other.example", -3600, 7200, ours).find("证书与域名不符"), std::string::npos);
  const test_authority another;
  EXPECT_NE(detail("DNS:portal.example", -3600, 7200, {{"ca", another.file()}}).find("证书颁发者不受信任"),
            std::string::npos);
}

TEST_F(Https, WhoseClockIsWrongIsAskedBeforeACertificateIsCalledEarly) {
  const auto tls = authority.server("DNS:portal.example", 3600, 7200);
  const web_peer peer(page, tls.get());
  const std::string url = "https://portal.example:" + peer.port() + "/";
  clock = clock_trust::unsynchronised;
  const auto a = visit(url, {{"ca", authority.file()}});
  EXPECT_EQ(a.what, outcome::not_measured) << "our own clock may be the one that is slow";
  clock = clock_trust::not_known;
  EXPECT_EQ(visit(url, {{"ca", authority.file()}}).why, cause::tls_certificate);
}

TEST_F(Https, ACaFileThatIsReplacedIsReadAgain) {
  const test_authority old;
  const auto tls = authority.server("DNS:portal.example");
  const web_peer peer(page, tls.get());
  const std::string url = "https://portal.example:" + peer.port() + "/", mine = old.file() + ".mine";
  const auto bring = [&](const test_authority& a, std::chrono::seconds later) {
    std::filesystem::copy_file(a.file(), mine, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::last_write_time(mine, std::filesystem::last_write_time(a.file()) + later);
  };
  bring(old, std::chrono::seconds{0});
  EXPECT_EQ(visit(url, {{"ca", mine}}).why, cause::tls_certificate);
  bring(authority, std::chrono::seconds{60});
  const auto a = visit(url, {{"ca", mine}});
  EXPECT_EQ(a.what, outcome::good) << a.detail;
  std::filesystem::remove(mine);
}

TEST_F(Https, OneNamedServerNeedsNoTrustedCertificate) {
  const auto tls = authority.server("DNS:other.example", -7200, -3600);
  const web_peer peer(page, tls.get());
  const std::string url = "https://portal.example:" + peer.port() + "/";
  EXPECT_EQ(visit(url, {{"tls.verify", "no"}}).what, outcome::good);
}

TEST_F(Https, FiniteFieldDiffieHellmanIsNotOfferedUnlessTheServerIsNamedOld) {
  const auto tls = authority.server("DNS:portal.example");
  SSL_CTX_set_dh_auto(tls->native_handle(), 1);
  SSL_CTX_set_cipher_list(tls->native_handle(), "kDHE");
  SSL_CTX_set_max_proto_version(tls->native_handle(), TLS1_2_VERSION);
  const web_peer peer(page, tls.get());
  EXPECT_EQ(visit("https://portal.example:" + peer.port() + "/", {{"ca", authority.file()}}).why, cause::tls_handshake);
}

TEST_F(Https, OldTlsIsSpokenWithANamedServerAlone) {
  const auto tls = authority.server("DNS:portal.example");
  SSL_CTX_set_security_level(tls->native_handle(), 0);
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(tls->native_handle(), TLS1_VERSION);
  const web_peer peer(page, tls.get());
  const std::string url = "https://portal.example:" + peer.port() + "/";
  EXPECT_EQ(visit(url, {{"ca", authority.file()}}).why, cause::tls_handshake);
  const auto a = visit(url, {{"ca", authority.file()}, {"tls.min", "1.0"}});
  EXPECT_EQ(a.what, outcome::good) << a.detail;
  EXPECT_EQ(fact_of(a, fact_name::tls_version), 10);
}

TEST_F(Https, AHandshakeThatOnlyBeginsAgainIsCutOff) {
  std::string hello_requests("\x16\x03\x03\x0f\xa0", 5);  // one record with a thousand of them: OpenSSL skips each
  hello_requests.append(4000, '\0');
  web_peer flood([&](const std::string&) { return hello_requests; });
  flood.speaks_first = true;
  const auto a = visit("https://127.0.0.1:" + flood.port() + "/", {{"ca", authority.file()}});
  EXPECT_EQ(a.why, cause::protocol) << a.detail;
  EXPECT_NE(a.detail.find("costs too much"), std::string::npos) << a.detail;
}

TEST_F(Https, PlainServerIsAHandshakeFailure) {
  web_peer babble([](const std::string&) { return std::string("220 mail.example ESMTP\r\n"); });
  babble.speaks_first = true;
  const auto a = visit("https://127.0.0.1:" + babble.port() + "/", {{"ca", authority.file()}});
  EXPECT_EQ(a.what, outcome::bad);
  EXPECT_EQ(a.why, cause::tls_handshake);
}

TEST_F(Https, LeavingTlsNeedsPermission) {
  const web_peer plain(page);
  const auto tls = authority.server("IP:127.0.0.1");
  const web_peer peer([&](const std::string&) { return web_peer::moved("http://127.0.0.1:" + plain.port() + "/"); },
                      tls.get());
  const std::string url = "https://127.0.0.1:" + peer.port() + "/";
  EXPECT_EQ(visit(url, {{"ca", authority.file()}}).why, cause::http_redirects);
  EXPECT_EQ(visit(url, {{"ca", authority.file()}, {"downgrade", "allow"}, {"local_redirects", "allow"}}).what,
            outcome::good);
}

TEST_F(Https, CaFileThatVanishedIsOurFault) {
  auto gone =
      std::make_shared<http_settings>(*std::static_pointer_cast<const http_settings>(settings("https://127.0.0.1/")));
  const auto tls = authority.server("IP:127.0.0.1");
  const web_peer peer(page, tls.get());
  gone->at.port = static_cast<std::uint16_t>(std::stoi(peer.port()));
  gone->tls.ca_file = "/nonexistent/ca.pem";
  const check c = make_check("", gone);
  ask_one(*http, c, 5);
  EXPECT_TRUE(drain_until(*http, [&] { return sink.answers.contains(5); }, &io));
  EXPECT_EQ(sink.answers[5].what, outcome::not_measured);
  EXPECT_EQ(sink.answers[5].why, cause::own_failure);
}

}  // namespace
}  // namespace changtong::test
