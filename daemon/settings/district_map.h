#pragma once
/** The district as a map: towns as areas, from a GeoJSON file (RFC 7946) that the office has. Pure; any thread.
 *
 * A FeatureCollection of Polygons and MultiPolygons, longitude and latitude in degrees; an area is called what the
 * first of its properties `name`, `名称`, `XZQMC` (the land survey's), `乡镇`, `NAME` says. Everything else of the file
 * is left out of what is passed on. */
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"

namespace changtong {

struct district_map {
  std::vector<std::string> areas;  ///< names, in the file's order; not empty, all different
  std::string geojson;             ///< of these alone: {"type":"FeatureCollection",…}, at most six decimals
  friend bool operator==(const district_map&, const district_map&) = default;
};

/** Bounds: what a browser draws without a pause. */
inline constexpr std::size_t most_map_bytes = 8 << 20, most_map_points = 100'000, most_map_areas = 2'000;

/** A problem for anything else, with the number of the area and the remedy. Any input is safe. */
[[nodiscard]] result<district_map> read_district_map(std::string_view text);

/** Which area a town is, as an index: the one of its name, else the only one that is called so but for the kind (城关镇
 * and 城关, 东风街道 and 东风街道办事处). Of 城关镇 and 城关街道 neither is 城关. */
class town_areas {
 public:
  explicit town_areas(const district_map& map);
  [[nodiscard]] std::optional<std::size_t> of(std::string_view town) const;

 private:
  std::map<std::string, std::size_t, std::less<>> whole_;
  std::map<std::string, std::optional<std::size_t>, std::less<>> bare_;  ///< none: several
};

}  // namespace changtong
