#include "daemon/settings/district_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <iterator>
#include <optional>

#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/reading/words.h"

namespace changtong {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 5> name_keys{"name", "名称", "XZQMC", "乡镇", "NAME"};
constexpr std::size_t longest_name = 128;
constexpr std::size_t least_ring = 4;  ///< three corners, and the first one once more

const json::array* list_of(const json::object& o, std::string_view key) {
  const json::value* v = o.if_contains(key);
  return v == nullptr ? nullptr : v->if_array();
}

std::string_view text_of(const json::object& o, std::string_view key) {
  const json::value* v = o.if_contains(key);
  const json::string* s = v == nullptr ? nullptr : v->if_string();
  return s == nullptr ? std::string_view() : std::string_view(*s);
}

std::string_view name_of(const json::object& feature) {
  const json::value* v = feature.if_contains("properties");
  const json::object* properties = v == nullptr ? nullptr : v->if_object();
  if (properties == nullptr) return {};
  for (const std::string_view key : name_keys)
    if (const std::string_view name = text_of(*properties, key); !name.empty()) return name;
  return {};
}

std::optional<double> number_of(const json::value& v) {
  if (const auto* d = v.if_double()) return *d;
  if (const auto* i = v.if_int64()) return static_cast<double>(*i);
  return std::nullopt;
}

problem no_shape() {
  return said(both("形状不是由经纬度组成的面（Polygon 或 MultiPolygon）",
                   "its shape is no Polygon or MultiPolygon of longitudes and latitudes"));
}

/** Writes shapes and counts what they have. */
class writer {
 public:
  [[nodiscard]] result<void> polygon(const json::value& v) {
    const json::array* rings = v.if_array();
    if (rings == nullptr || rings->empty()) return no_shape();
    out_ += '[';
    for (const json::value& r : *rings)
      if (auto ok = ring(r); !ok) return ok;
    end();
    return {};
  }

  [[nodiscard]] result<void> polygons(const json::value& v) {
    const json::array* all = v.if_array();
    if (all == nullptr || all->empty()) return no_shape();
    out_ += '[';
    for (const json::value& p : *all) {
      if (auto ok = polygon(p); !ok) return ok;
      out_ += ',';
    }
    end();
    return {};
  }

  void text(std::string_view t) { out_ += t; }
  void quoted(std::string_view t) { append_json_string(out_, t); }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  [[nodiscard]] result<void> ring(const json::value& v) {
    const json::array* points = v.if_array();
    if (points == nullptr || points->size() < least_ring) return no_shape();
    if ((points_ += points->size()) > most_map_points)
      return said(both("全图超过 {} 个点，请先用制图软件简化边界",
                       "the map has more than {} points: simplify its borders first", most_map_points));
    out_ += '[';
    for (const json::value& p : *points)
      if (auto ok = point(p); !ok) return ok;
    end();
    out_ += ',';
    return {};
  }

  [[nodiscard]] result<void> point(const json::value& v) {
    const json::array* p = v.if_array();
    if (p == nullptr || p->size() < 2) return no_shape();
    const auto east = number_of((*p)[0]), north = number_of((*p)[1]);
    if (!east || !north) return no_shape();
    if (!(std::abs(*east) <= 180 && std::abs(*north) <= 90))
      return said(both("坐标 {}, {} 不是经纬度：请先换成经纬度（CGCS2000 或 WGS84），先经后纬",
                       "{}, {} is no longitude and latitude: convert the file to degrees (CGCS2000 or WGS84)", *east,
                       *north));
    // A decimetre is enough for a wall, 0.1 must not become 0.1000000001, and there is no -0.
    const auto cut = [](double degrees) { return std::round(degrees * 1e6) / 1e6 + 0.0; };
    fmt::format_to(std::back_inserter(out_), "[{},{}],", cut(*east), cut(*north));
    return {};
  }

  /** In place of the last comma. */
  void end() {
    if (out_.back() == ',') out_.pop_back();
    out_ += ']';
  }

  std::string out_;
  std::size_t points_ = 0;
};

/** One area behind those that are there. */
result<void> add_area(const json::value& v, district_map& into, writer& out) {
  const json::object* feature = v.if_object();
  const std::string_view name = feature == nullptr ? std::string_view() : name_of(*feature);
  if (name.empty())
    return said(both("没有名称：在 properties 里写 name，如 \"name\": \"城关镇\"",
                     "it has no name: say it among its properties, such as \"name\": \"城关镇\""));
  if (name.size() > longest_name || reading::unseen_character(name))
    return said(both("名称过长，或含看不见的字符", "its name is too long, or has characters that nobody sees"));
  if (std::ranges::find(into.areas, name) != into.areas.end())
    return said(both("{} 出现两次：请合为一个 MultiPolygon", "{} stands twice: make it one MultiPolygon",
                     reading::quote(name)));
  const json::value* g = feature->if_contains("geometry");
  const json::object* geometry = g == nullptr ? nullptr : g->if_object();
  const json::value* at = geometry == nullptr ? nullptr : geometry->if_contains("coordinates");
  const std::string_view type = geometry == nullptr ? std::string_view() : text_of(*geometry, "type");
  if (at == nullptr || (type != "Polygon" && type != "MultiPolygon")) return no_shape();
  out.text(into.areas.empty() ? "" : ",");
  out.text(R"({"type":"Feature","properties":{"name":)");
  out.quoted(name);
  out.text(R"(},"geometry":{"type":")");
  out.text(type);
  out.text(R"(","coordinates":)");
  if (auto ok = type == "Polygon" ? out.polygon(*at) : out.polygons(*at); !ok) return ok;
  out.text("}}");
  into.areas.emplace_back(name);
  return {};
}

/** Without what kind of town it is, unless nothing else is left. */
std::string_view bare(std::string_view name) {
  constexpr std::array<std::string_view, 6> kinds{"街道办事处", "办事处", "街道", "镇", "乡", "街"};
  for (const std::string_view kind : kinds)
    if (name.size() > kind.size() && name.ends_with(kind)) return name.substr(0, name.size() - kind.size());
  return name;
}

}  // namespace

result<district_map> read_district_map(std::string_view text) {
  if (text.size() > most_map_bytes)
    return said(both("文件超过 {} MB，请先用制图软件简化边界", "more than {} MB: simplify its borders first",
                     most_map_bytes >> 20));
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  boost::system::error_code wrong;
  json::parse_options how;
  how.max_depth = 16;
  const json::value whole = json::parse(text, wrong, {}, how);
  const json::object* top = wrong ? nullptr : whole.if_object();
  const json::array* features = top == nullptr ? nullptr : list_of(*top, "features");
  if (features == nullptr || text_of(*top, "type") != "FeatureCollection")
    return said(both("不是 GeoJSON 的 FeatureCollection：请用制图软件另存为 GeoJSON（UTF-8）",
                     "no FeatureCollection of GeoJSON: save it as GeoJSON in UTF-8"));
  if (features->empty() || features->size() > most_map_areas)
    return said(
        both("有 {} 个面：应有 1 到 {} 个", "{} areas: there must be 1 to {}", features->size(), most_map_areas));
  district_map made;
  writer out;
  out.text(R"({"type":"FeatureCollection","features":[)");
  for (std::size_t i = 0; i < features->size(); ++i)
    if (auto ok = add_area((*features)[i], made, out); !ok)
      return said(both("第 {} 个面：{}", "area {}: {}", i + 1, words_of(ok.error())));
  out.text("]}");
  made.geojson = out.take();
  return made;
}

town_areas::town_areas(const district_map& map) {
  for (std::size_t i = 0; i < map.areas.size(); ++i) {
    whole_.emplace(map.areas[i], i);
    const auto [at, first] = bare_.emplace(bare(map.areas[i]), i);
    if (!first) at->second.reset();
  }
}

std::optional<std::size_t> town_areas::of(std::string_view town) const {
  if (const auto at = whole_.find(town); at != whole_.end()) return at->second;
  const auto at = bare_.find(bare(town));
  return at == bare_.end() ? std::nullopt : at->second;
}

}  // namespace changtong
