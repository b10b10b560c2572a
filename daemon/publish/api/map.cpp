// The towns as areas, where the office has a map.
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/routes.h"

namespace changtong::api {
namespace {

web_response show_map(context& from, const question&) {
  const std::string drawn = from.from.map ? from.from.map() : std::string();
  if (drawn.empty())
    return problem_answer(404, "no_map", "没有地图：配置中写 map，指向本区县乡镇界线的 GeoJSON 文件",
                          "there is no map: name a GeoJSON file of the towns' borders as map in the configuration");
  return json_answer(drawn);
}

}  // namespace

std::vector<route> map_routes() {
  return {
      {.path = "/api/v1/map",
       .summary = "乡镇界线（GeoJSON），大屏据此画图",
       .about = "The file of the key `map`, with the areas' names and shapes alone.",
       .answer = "DistrictMap",
       .refusals = {{404, "The configuration names no map"}},
       .function = show_map},
  };
}

}  // namespace changtong::api
