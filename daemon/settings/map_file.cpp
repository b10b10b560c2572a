// The key `map`, and how its areas meet the towns of the inventory.
#include <algorithm>
#include <set>

#include "daemon/settings/draft.h"

namespace changtong::reading {
namespace {

constexpr std::size_t most_named = 5;

/** 「甲、乙」 and how many more. */
phrase listed(const std::vector<std::string>& names) {
  phrase out;
  for (std::size_t i = 0; i < std::min(names.size(), most_named); ++i) {
    out.cn += (i == 0 ? "" : "、") + names[i];
    out.en += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() <= most_named) return out;
  return both("{} 等 {} 个", "{} and {} more", out, names.size() - most_named);
}

}  // namespace

std::shared_ptr<const district_map> read_map(const block& top, std::string_view file, const surroundings& from,
                                             findings& found) {
  const auto written = top.text("map", 4096);
  if (!written) return nullptr;
  const std::string path = beside(file, written->value);
  const auto text = from.read(path);
  if (!text) {
    top.error(written->at, both("map：无法读取 {}：{}", "map: cannot read {}: {}", path, words_of(text.error())));
    return nullptr;
  }
  auto made = read_district_map(*text);
  if (made) return std::make_shared<const district_map>(std::move(*made));
  found.error({path, 1, 1}, words_of(made.error()));
  return nullptr;
}

void check_map(const config_draft& draft, const inventory& made, findings& found) {
  const auto& map = draft.value.map;
  if (!map) return;
  std::set<std::string, std::less<>> towns;
  for (const target& t : made.targets)
    if (t.kind == target_kind::line && !t.town.empty()) towns.insert(t.town);
  const town_areas areas(*map);
  std::set<std::size_t> met;
  std::vector<std::string> off_the_map, without_lines;
  for (const std::string& town : towns)
    if (const auto area = areas.of(town))
      met.insert(*area);
    else
      off_the_map.push_back(town);
  for (std::size_t i = 0; i < map->areas.size(); ++i)
    if (!met.contains(i)) without_lines.push_back(map->areas[i]);
  if (!off_the_map.empty())
    found.warn(draft.map_at, both("这些乡镇不在地图上，大屏把它们列在地图之外：{}",
                                  "these towns are not on the map, and stand beside it: {}", listed(off_the_map)));
  if (!without_lines.empty() && !draft.value.nodes)  // another node has them
    found.warn(draft.map_at,
               both("地图上这些地方没有专线，名称与台账的乡镇是否一致？{}",
                    "no line is in these areas; are they called as the inventory's towns? {}", listed(without_lines)));
}

}  // namespace changtong::reading
