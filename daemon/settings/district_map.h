#pragma once
/** The district as a map: towns as areas, from a GeoJSON file (RFC 7946) that the office has. Pure; any thread.
 *
 * A FeatureCollection of Polygons and MultiPolygons, longitude and latitude in degrees; an area is called what the
 * first of its properties `name`, `名称`, `XZQMC` (the land survey's), `乡镇`, `NAME` says. Everything else of the file
 * is left out of what is passed on. */
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

/** Whether an area and a town are one: 城关镇 and 城关, 东风街道 and 东风街道办事处. Neither is empty. */
[[nodiscard]] bool same_town(std::string_view area, std::string_view town);

}  // namespace changtong
