// Figures of the last day: what is kept comes as columns, what nobody measured as null, and how much is kept is said.
#include <gtest/gtest.h>

#include "tests/publish/api/asking.h"
#include "tests/publish/roomy_views.h"

namespace changtong::api {
namespace {

using boost::json::array;
using boost::json::value;

struct RecentTest : testing::Test, asking {
  RecentTest() {
    line.from = at("2026-03-14T09:45:00+08:00");
    line.to = d.now;
    line.delays = {{},
                   {.measured = 300, .bad = 3, .least = 0.003, .mean = 0.00425, .most = 0.0121},
                   {.measured = 7, .bad = 7},
                   {}};
    line.interfaces = {{.index = 7,
                        .traffic = {{}, {.in = 12'340'000, .in_most = 50e6, .out = 0, .out_most = 0}, {}, {}},
                        .optics = {}},
                       {.index = 9, .traffic = {}, .optics = {{}, {.receive = -18.2, .transmit = {}}, {}, {}}}};
    d.kept = {{"V001", line}, {"portal", {.from = line.from, .to = line.to, .delays = line.delays, .interfaces = {}}}};
  }
  recent::recent_target line;
};

TEST_F(RecentTest, ALinesFiguresAreColumnsAndAHoleIsNull) {
  const value v = json("/api/v1/lines/V001/recent");
  EXPECT_EQ(v.at("bucket_s"), 300);
  EXPECT_EQ(v.at("from"), "2026-03-14T09:45:00.000+08:00");
  EXPECT_EQ(v.at("to"), "2026-03-14T10:00:00.000+08:00");
  EXPECT_EQ(v.at("since"), "2026-03-14T09:50:00.000+08:00") << "nobody observed the first bucket";
  EXPECT_EQ(v.at("measured"), (array{0, 300, 7, 0}));
  EXPECT_EQ(v.at("bad"), (array{0, 3, 7, 0}));
  EXPECT_EQ(v.at("delay").at("mean_s"), (array{nullptr, 0.00425, nullptr, nullptr}));
  EXPECT_EQ(v.at("delay").at("least_s").at(1), 0.003);
  EXPECT_EQ(v.at("delay").at("most_s").at(1), 0.0121);
}

TEST_F(RecentTest, HowLongIsKeptIsSaid) {
  const value v = json("/api/v1/lines/V001/recent");
  EXPECT_EQ(v.at("span_s"), 4 * 300);
  EXPECT_EQ(v.at("full_span_s"), 24 * 3600);
  d.kept["V001"] = {.from = line.to, .to = line.to, .delays = {}, .interfaces = {}};
  const value nothing = json("/api/v1/lines/V001/recent");
  EXPECT_EQ(nothing.at("span_s"), 0);
  EXPECT_TRUE(nothing.at("since").is_null());
  EXPECT_TRUE(nothing.at("measured").as_array().empty());
}

TEST_F(RecentTest, AnInterfaceHasWhatItsDeviceTells) {
  d.inv->targets[2].bandwidth_mbps = 100;
  const value v = json("/api/v1/lines/V001/recent").at("interfaces");
  EXPECT_EQ(v.at(0).at("interface"), "7");
  EXPECT_EQ(v.at(0).at("bandwidth_bps"), 1e8);
  EXPECT_EQ(v.at(0).at("traffic").at("in_bps").at(1), 1.234e7);
  EXPECT_EQ(v.at(0).at("traffic").at("out_most_bps").at(1), 0);
  EXPECT_TRUE(v.at(0).at("traffic").at("in_bps").at(0).is_null());
  EXPECT_TRUE(v.at(0).at("optics").is_null());
  EXPECT_TRUE(v.at(1).at("traffic").is_null());
  EXPECT_EQ(v.at(1).at("optics").at("receive_dbm").at(1), -18.2);
  EXPECT_TRUE(v.at(1).at("optics").at("transmit_dbm").at(1).is_null());
}

TEST_F(RecentTest, WithoutAStatedBandwidthTheDevicesSpeedIsIt) {
  EXPECT_TRUE(json("/api/v1/lines/V001/recent").at("interfaces").at(0).at("bandwidth_bps").is_null());
  d.view->facts = std::vector<fact_view>(1);
  d.view->facts[0].target = 2;
  d.view->facts[0].index = 7;
  d.view->facts[0].make_room(fact_view::bit(fact_name::interface_speed_bits));
  d.view->facts[0].set(fact_name::interface_speed_bits, 1'000'000'000);
  EXPECT_EQ(json("/api/v1/lines/V001/recent").at("interfaces").at(0).at("bandwidth_bps"), 1e9);
}

TEST_F(RecentTest, AWebsiteHasATimeToOpen) {
  const value v = json("/api/v1/sites/portal/recent");
  EXPECT_EQ(v.at("open").at("mean_s").at(1), 0.00425);
  EXPECT_EQ(v.at("bad"), (array{0, 3, 7, 0}));
  EXPECT_FALSE(v.as_object().contains("interfaces"));
}

TEST_F(RecentTest, EachGoesByItsOwnName) {
  EXPECT_EQ(ask("GET", "/api/v1/sites/V001/recent").status, 404);
  EXPECT_EQ(ask("GET", "/api/v1/lines/portal/recent").status, 404);
  EXPECT_EQ(ask("GET", "/api/v1/lines/anchor-1/recent").status, 404);
  EXPECT_EQ(ask("GET", "/api/v1/lines/T01/recent").status, 404) << "of a line that came with a reload just now";
  EXPECT_EQ(json("/api/v1/lines/V001").at("id"), "V001") << "the line itself has its page as before";
}

TEST_F(RecentTest, AMapIsPassedOnAsItIsAndNoneIsSaid) {
  EXPECT_EQ(ask("GET", "/api/v1/map").status, 404);
  d.drawn =
      R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"城关镇"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]})";
  const web_response r = ask("GET", "/api/v1/map");
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(json("/api/v1/map"), boost::json::parse(d.drawn));
}

}  // namespace
}  // namespace changtong::api
