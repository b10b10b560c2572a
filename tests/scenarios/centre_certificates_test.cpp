// A centre whose door asks nodes for certificates: beside the token the name has to be theirs, and readers need none.
#include <gmock/gmock.h>

#include "daemon/publish/http/server.h"
#include "daemon/run/centre_door.h"
#include "daemon/run/centre_link.h"
#include "daemon/run/shipping_way.h"
#include "tests/centre/postgres.h"
#include "tests/centre/shipped.h"
#include "tests/collectors/test_authority.h"

namespace changtong {
namespace {

using namespace centre::fakes;
using testing::AllOf;
using testing::HasSubstr;

struct CentreCertificates : testing::Test {
  test::test_authority office, strangers;
  std::pair<std::string, std::string> of_centre = office.files("centre", "IP:127.0.0.1");
  centre::database_place where = server().empty();
  centre_file s{
      .zone = civil_zone::named("Asia/Shanghai").value(),
      .listen = {},
      .tls = {.certificate = of_centre.first, .key = of_centre.second, .client_ca = office.file()},
      .database = where.connect,
      .database_password = {},
      .readers = {{.name = "大屏", .token = secret("of who may read")}},
      .nodes = {
          {.name = "东城区", .token = secret("of the east"), .district = "东城区", .city = {}, .province = {}},
          {.name = "west.example", .token = secret("of the west"), .district = "西城区", .city = {}, .province = {}}}};
  centre::archives books{where, {"东城区", "west.example"}};
  centre_door door{s, books};
  std::unique_ptr<http::server> listening =
      http::server::start({.port = 0, .tls = {of_centre.first, of_centre.second, office.file()}}, door.routes())
          .value();
  told_journal east;

  [[nodiscard]] std::string url(std::string_view path) const {
    return "https://127.0.0.1:" + std::to_string(listening->port()) + std::string(path);
  }
  result<carried> ship(const std::pair<std::string, std::string>& shown, const std::string& token = "of the east") {
    const shipping_way by = over_http(
        wire::parse_web_address(url(centre_path)).value(),
        {.token = secret(token), .ca_file = office.file(), .certificate_file = shown.first, .key_file = shown.second},
        {});
    return by.carry(ledger::text_of(east.after(0)), std::chrono::seconds{30}, {});
  }
  std::string why_not(const std::pair<std::string, std::string>& shown, const std::string& token = "of the east") {
    const auto done = ship(shown, token);
    return done ? "it was taken" : to_string(done.error());
  }
  CentreCertificates() { east.write(3); }
};

TEST_F(CentreCertificates, WhoShowsOneOfItsNameIsTaken) {
  const auto done = ship(office.files("东城区"));
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ((*done)->head, east.end());
  EXPECT_TRUE(ship(office.files("anything", "DNS:other.example,DNS:west.example"), "of the west")) << "by a DNS name";
}

TEST_F(CentreCertificates, WhoShowsNoneOrAnotherOnesIsToldWhatIsMissing) {
  for (const auto& shown : {std::pair<std::string, std::string>{}, office.files("西城区"), office.files("东城"),
                            office.files("x", "DNS:*.example")})
    EXPECT_THAT(why_not(shown), AllOf(HasSubstr("403"), HasSubstr("centre.certificate"), HasSubstr("东城区")));
  EXPECT_THAT(why_not(office.files("东城区"), "of the west"), HasSubstr("403")) << "the token is another one's";
  EXPECT_THAT(why_not(office.files("东城区"), "of nobody"), HasSubstr("401"));
}

TEST_F(CentreCertificates, OneThatDoesNotHoldEndsTheHandshake) {
  for (const auto& shown : {strangers.files("东城区"), office.files("东城区", {}, -7200, -3600)})
    EXPECT_THAT(why_not(shown), testing::Not(testing::AnyOf(HasSubstr("it was taken"), HasSubstr("403"))));
}

TEST_F(CentreCertificates, OneThatCannotBeReadIsSaid) {
  EXPECT_THAT(why_not({"/nowhere.crt", "/nowhere.key"}), HasSubstr("is not there or is no file"));
  const auto [certificate, key] = office.files("东城区");
  EXPECT_THAT(why_not({certificate, of_centre.second}),
              HasSubstr("the certificate to show, or its key, cannot be used"));
}

TEST_F(CentreCertificates, ReadersNeedNone) {
  const auto told =
      host::post({.what = host::http_post{.url = secret(url("/centre/v1/nodes")),
                                          .headers = {{"Authorization", secret("Bearer of who may read")}},
                                          .body = {},
                                          .asks = true},
                  .ca_file = office.file()},
                 {});
  ASSERT_TRUE(told) << to_string(told.error());
  EXPECT_EQ(told->status, 200U);
}

TEST_F(CentreCertificates, OfACaThatIsNoneTheServerSaysSo) {
  const auto started =
      http::server::start({.port = 0, .tls = {of_centre.first, of_centre.second, of_centre.second}}, {});
  ASSERT_FALSE(started);
  EXPECT_THAT(to_string(started.error()), HasSubstr("tls.ca"));
}

}  // namespace
}  // namespace changtong
