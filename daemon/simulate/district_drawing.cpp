// The district as its map would be: each township a patch beside the others, its borders shared with its neighbours.
#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "daemon/core/json.h"
#include "daemon/simulate/district.h"

namespace changtong::simulate {
namespace {

constexpr std::uint32_t most_towns = 2'000;    ///< settings/district_map.h: most_map_areas
constexpr double width = 0.08, height = 0.06;  ///< of a patch, degrees

/** 0 .. 1 of a corner, the same for each patch that has it. */
double shift(std::uint64_t seed, std::uint32_t column, std::uint32_t row, std::uint32_t way) {
  std::uint64_t x = seed ^ (std::uint64_t{column} << 40U) ^ (std::uint64_t{row} << 20U) ^ way;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return static_cast<double>((x ^ (x >> 31U)) >> 11U) / 9007199254740992.0;
}

std::string corner(const district& d, std::uint32_t column, std::uint32_t row) {
  const double east = (column + 0.55 * shift(d.seed, column, row, 1)) * width;
  const double south = (row + 0.55 * shift(d.seed, column, row, 2)) * height;
  return fmt::format("[{:.4f},{:.4f}]", 0.1 + east, -0.1 - south);
}

}  // namespace

std::string map_geojson(const district& d) {
  const std::uint32_t towns = d.count("township");
  if (towns > most_towns) return {};
  const auto columns = static_cast<std::uint32_t>(std::ceil(std::sqrt(1.4 * towns)));
  std::string out = R"({"type":"FeatureCollection","features":[)";
  std::uint32_t n = 0;
  for (const district_line& l : d.lines) {
    if (l.category != "township") continue;
    const std::uint32_t c = n % columns, r = n / columns;
    out += n++ == 0 ? "\n" : ",\n";
    out += R"({"type":"Feature","properties":{"name":)";
    append_json_string(out, l.town);
    fmt::format_to(std::back_inserter(out),
                   R"(}},"geometry":{{"type":"Polygon","coordinates":[[{0},{1},{2},{3},{0}]]}}}})", corner(d, c, r),
                   corner(d, c + 1, r), corner(d, c + 1, r + 1), corner(d, c, r + 1));
  }
  return out + "\n]}\n";
}

}  // namespace changtong::simulate
