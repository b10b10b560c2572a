#pragma once
/** A district as a value: every line and site of the demo, decided by (number of lines, seed, ports) alone. Pure.
 *
 * Its shape is that of a real one: townships, villages and communities below them (whose parent is the township's
 * line), health and education units, some of them behind a township. Nothing of it exists; addresses are in
 * 127.0.0.0/8. */
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/address.h"
#include "daemon/core/instant.h"

namespace changtong::simulate {

inline constexpr std::uint32_t default_lines = 22 + 295 + 40 + 60;
inline constexpr std::uint32_t most_lines = 100'000;
inline constexpr std::uint32_t no_line = 0xffffffff;

struct port_numbers {
  std::uint16_t snmp = 16161;
  std::uint16_t tcp = 16080;
  std::uint16_t http = 16081;   ///< the first site's; the others follow
  std::uint16_t dns = 16053;    ///< of the district's name server
  std::uint16_t traps = 16162;  ///< the monitor's, on 127.0.0.1

  /** Those of another district on the same machine: `first` and the seven after it. */
  [[nodiscard]] static port_numbers from(std::uint16_t first);
};

struct district_line {
  std::string id;  ///< t-001, v-0123, h-001, e-001
  std::string name;
  std::string category;  ///< township, village, health, education
  std::string unit;
  std::string town;
  std::string carrier;
  std::string circuit;
  std::uint32_t bandwidth_mbps = 0;
  std::uint32_t address = 0;       ///< IPv4, host order
  std::uint32_t parent = no_line;  ///< position in district::lines, before its own
  bool odd_agent = false;          ///< its SNMP agent answers as no standard says (agent.h)
};

/** How a site speaks (site_pages.h). `old`: HTTP/1.0, bare line feeds, no length, a cookie in a redirect; `gbk`:
 * Chinese in GB2312, which only the page itself says; `silent_domain`: as any other, but the name server never answers
 * a question about its name, so nobody finds it. */
enum class site_manner : std::uint8_t { modern, gbk, old, silent_domain };

struct district_site {
  std::string id;
  std::string name;
  std::uint32_t address = 0;  ///< IPv4, host order
  std::uint16_t port = 0;
  std::string host;  ///< a name that only the district's name server knows
  std::string url;
  site_manner manner = site_manner::modern;
};

struct district {
  std::string name;
  std::uint64_t seed = 0;
  port_numbers ports;
  std::vector<district_line> lines;                  ///< townships, then villages, health, education
  std::vector<district_site> sites;                  ///< always four, one of each manner; the silent one is the last
  std::uint32_t name_server = 0;                     ///< IPv4, host order
  std::vector<std::vector<std::uint32_t>> children;  ///< by line; empty for most
  milliseconds interval{1000};  ///< how often the monitor will ask a line; longer for very many lines

  [[nodiscard]] std::uint32_t count(std::string_view category) const;
};

/** `lines` is clamped to 1 .. most_lines; the parts keep their proportion, with at least one township. */
[[nodiscard]] district make_district(std::uint32_t lines, std::uint64_t seed, port_numbers ports = {});

/** lines.csv and sites.csv, with Chinese headings. */
[[nodiscard]] std::string lines_csv(const district& d);
[[nodiscard]] std::string sites_csv(const district& d);
/** Its towns as areas of a map, GeoJSON, far out at sea where nobody takes it for a real one; empty where they are more
 * than a map may have. */
[[nodiscard]] std::string map_geojson(const district& d);
/** changtong.yaml; names those three (the map where there is one), ledger.db and the community's file, all relative to
 * itself. */
/** `webhook`: http(s) address that every message of an alert is posted to; empty: nobody is told. */
[[nodiscard]] std::string config_yaml(const district& d, std::string_view listen, std::string_view webhook = {});
/** plan.yaml, which the configuration names: an evaluation of `year` with what the demo can measure, and one indicator
 * that waits for a person. */
[[nodiscard]] std::string plan_yaml(const district& d, std::string_view year);

[[nodiscard]] std::string dotted(std::uint32_t address);

}  // namespace changtong::simulate
