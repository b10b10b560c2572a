// The office's own map: whatever a drawing program has put into it, what is passed on are names and shapes.
#include "daemon/settings/district_map.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "daemon/settings/settings.h"
#include "tests/settings/world.h"

namespace changtong {
namespace {

std::string feature(std::string_view properties, std::string_view geometry) {
  return fmt::format(R"({{"type":"Feature","properties":{},"geometry":{}}})", properties, geometry);
}

std::string square(double west, double south) {
  return fmt::format(R"({{"type":"Polygon","coordinates":[[[{0},{1}],[{2},{1}],[{2},{3}],[{0},{1}]]]}})", west, south,
                     west + 1, south + 1);
}

std::string collection(std::string_view features) {
  return fmt::format(R"({{"type":"FeatureCollection","crs":{{"type":"name"}},"features":[{}]}})", features);
}

std::string refusal(std::string_view text) {
  const auto made = read_district_map(text);
  return made ? "none" : made.error().text;
}

TEST(DistrictMap, PassesOnNamesAndShapesAlone) {
  const auto made = read_district_map("\xEF\xBB\xBF" +
                                      collection(feature(R"({"name":"城关镇","人口":52000})", square(110, 30)) + "," +
                                                 feature(R"({"OBJECTID":7,"XZQMC":"东风街道"})", square(111, 30))));
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_EQ(made->areas, (std::vector<std::string>{"城关镇", "东风街道"}));
  EXPECT_EQ(made->geojson.find("人口"), std::string::npos);
  EXPECT_EQ(made->geojson.find("crs"), std::string::npos);
  EXPECT_NE(made->geojson.find("[[[110,30],[111,30],[111,31],[110,30]]]"), std::string::npos) << made->geojson;
}

TEST(DistrictMap, DropsHeightsAndMicrometres) {
  const auto made = read_district_map(collection(feature(
      R"({"name":"甲"})",
      R"({"type":"MultiPolygon","coordinates":[[[[1.23456789,2,88],[3,2],[3,4],[1.23456789,2]]],[[[5,5],[6,5],[6,-0.0],[5,5]]]]})")));
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_NE(made->geojson.find("[[[[1.234568,2],[3,2],[3,4],[1.234568,2]]],[[[5,5],[6,5],[6,0],[5,5]]]]"),
            std::string::npos)
      << made->geojson;
}

TEST(DistrictMap, SaysWhichAreaIsWrongAndWhatToDo) {
  const std::string good = feature(R"({"name":"甲"})", square(110, 30));
  EXPECT_EQ(refusal("{"), "不是 GeoJSON 的 FeatureCollection：请用制图软件另存为 GeoJSON（UTF-8）");
  EXPECT_EQ(refusal(collection("")), "有 0 个面：应有 1 到 2000 个");
  EXPECT_EQ(refusal(collection(good + "," + good)), "第 2 个面：'甲' 出现两次：请合为一个 MultiPolygon");
  EXPECT_EQ(refusal(collection(good + "," + feature("{}", square(111, 30)))),
            "第 2 个面：没有名称：在 properties 里写 name，如 \"name\": \"城关镇\"");
  EXPECT_EQ(refusal(collection(feature(R"({"name":"乙"})", square(38'500'000, 3'300'000)))),
            "第 1 个面：坐标 38500000, 3300000 不是经纬度：请先换成经纬度（CGCS2000 或 WGS84），先经后纬");
  for (const char* shape : {"null", "{}", R"({"type":"Point","coordinates":[1,2]})",
                            R"({"type":"Polygon","coordinates":[]})", R"({"type":"Polygon","coordinates":[[[1,2]]]})",
                            R"({"type":"MultiPolygon","coordinates":[[[[1,2],[3],[1,2],[1,2]]]]})",
                            R"({"type":"Polygon","coordinates":[[["1",2],[3,4],[5,6],[1,2]]]})"})
    EXPECT_EQ(refusal(collection(feature(R"({"name":"乙"})", shape))),
              "第 1 个面：形状不是由经纬度组成的面（Polygon 或 MultiPolygon）")
        << shape;
}

TEST(DistrictMap, IsBounded) {
  EXPECT_EQ(refusal(std::string(most_map_bytes + 1, ' ')), "文件超过 8 MB，请先用制图软件简化边界");
  std::string ring = "[0,0]";
  for (std::size_t i = 0; i < most_map_points; ++i) ring += ",[0,1]";
  EXPECT_EQ(refusal(collection(feature(R"({"name":"乙"})", R"({"type":"Polygon","coordinates":[[)" + ring + "]]}"))),
            "第 1 个面：全图超过 100000 个点，请先用制图软件简化边界");
  EXPECT_EQ(refusal(std::string(1'000, '[')), "不是 GeoJSON 的 FeatureCollection：请用制图软件另存为 GeoJSON（UTF-8）");
}

TEST(DistrictMap, KnowsATownByItsNameElseWithoutItsKindWhereOnlyOneIsCalledSo) {
  district_map map;
  map.areas = {"城关镇", "东风街道", "新街镇", "龙河镇", "龙河街道"};
  const town_areas areas(map);
  EXPECT_EQ(areas.of("城关"), 0U);
  EXPECT_EQ(areas.of("东风街道办事处"), 1U);
  EXPECT_EQ(areas.of("新街镇"), 2U);
  EXPECT_EQ(areas.of("龙河镇"), 3U);
  EXPECT_EQ(areas.of("龙河街道"), 4U);
  EXPECT_EQ(areas.of("龙河"), std::nullopt) << "which of the two?";
  EXPECT_EQ(areas.of("城东镇"), std::nullopt);
}

TEST(DistrictMap, SaysWhichTownsAndAreasDoNotMeet) {
  fakes::world w = fakes::with("map: towns.geojson\n",
                               "id,category,address,town\nV1,village,192.0.2.7,城关镇\nV2,village,192.0.2.8,柳河乡\n");
  w.files["towns.geojson"] = collection(feature(R"({"name":"城关"})", square(110, 30)) + "," +
                                        feature(R"({"name":"东风街道"})", square(111, 30)));
  const auto l = load("c.yaml", w.view());
  ASSERT_TRUE(l);
  ASSERT_TRUE(l->value.map);
  std::string said;
  for (const problem& p : l->warnings)
    if (p.line == 3) said += p.text + "\n";
  EXPECT_EQ(said,
            "地图上这些地方没有专线，名称与台账的乡镇是否一致？东风街道\n"
            "这些乡镇不在地图上，大屏把它们列在地图之外：柳河乡\n");
}

}  // namespace
}  // namespace changtong
