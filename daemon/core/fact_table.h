#pragma once
/** How each number that comes with an answer is told: a new one is a name in fact.h, a row of this table and a
 * collector that brings it (and, if a scrape shall have it, a line in publish/metrics/names.h, which has every metric's
 * help). */
#include <array>
#include <cstdint>
#include <string_view>

#include "daemon/core/fact.h"

namespace changtong {

/** Whom it is shown for. */
enum class fact_of : std::uint8_t { nobody, line, interface, site };
enum class fact_unit : std::uint8_t { number, nanoseconds, unix_seconds, counter };

/** What the bits of a counter's value say. */
constexpr std::uint64_t counter_of(std::int64_t value) { return static_cast<std::uint64_t>(value); }

struct fact_row {
  fact_name name;
  std::string_view text;               ///< the name
  fact_of of = fact_of::nobody;        ///< nobody: it is not shown
  fact_unit unit = fact_unit::number;  ///< told as: itself, seconds, an instant, a number without a sign
  std::int64_t least = 0;              ///< the smallest value that means anything, 0 or more; counters have none
  std::string_view metric{};           ///< empty: no scrape has it; several rows may share one, told apart by …
  std::string_view label{};            ///< … this, as the exposition has it
  std::string_view field{};            ///< in the API's answer about a line; empty: it has none
  bool zero_is_unknown = false;        ///< the API says 0, not null, for a value that is not known
};

inline constexpr std::array fact_table{
    fact_row{.name = fact_name::up_time_centiseconds, .text = "up_time_centiseconds", .unit = fact_unit::counter},
    fact_row{.name = fact_name::interface_in_octets,
             .text = "interface_in_octets",
             .of = fact_of::interface,
             .unit = fact_unit::counter,
             .metric = "changtong_line_in_octets_total",
             .field = "in_octets"},
    fact_row{.name = fact_name::interface_out_octets,
             .text = "interface_out_octets",
             .of = fact_of::interface,
             .unit = fact_unit::counter,
             .metric = "changtong_line_out_octets_total",
             .field = "out_octets"},
    fact_row{.name = fact_name::interface_in_errors,
             .text = "interface_in_errors",
             .of = fact_of::interface,
             .unit = fact_unit::counter,
             .metric = "changtong_line_in_errors_total",
             .field = "in_errors"},
    fact_row{.name = fact_name::interface_out_errors,
             .text = "interface_out_errors",
             .of = fact_of::interface,
             .unit = fact_unit::counter,
             .metric = "changtong_line_out_errors_total",
             .field = "out_errors"},
    fact_row{.name = fact_name::interface_oper_status,
             .text = "interface_oper_status",
             .of = fact_of::interface,
             .least = 1,
             .metric = "changtong_line_interface_oper_status",
             .field = "oper_status",
             .zero_is_unknown = true},
    fact_row{.name = fact_name::resolve_nanoseconds,
             .text = "resolve_nanoseconds",
             .of = fact_of::site,
             .unit = fact_unit::nanoseconds,
             .metric = "changtong_site_phase_seconds",
             .label = R"(phase="resolve")"},
    fact_row{.name = fact_name::connect_nanoseconds,
             .text = "connect_nanoseconds",
             .of = fact_of::site,
             .unit = fact_unit::nanoseconds,
             .metric = "changtong_site_phase_seconds",
             .label = R"(phase="connect")"},
    fact_row{.name = fact_name::tls_nanoseconds,
             .text = "tls_nanoseconds",
             .of = fact_of::site,
             .unit = fact_unit::nanoseconds,
             .metric = "changtong_site_phase_seconds",
             .label = R"(phase="tls")"},
    fact_row{.name = fact_name::first_byte_nanoseconds,
             .text = "first_byte_nanoseconds",
             .of = fact_of::site,
             .unit = fact_unit::nanoseconds,
             .metric = "changtong_site_phase_seconds",
             .label = R"(phase="first_byte")"},
    fact_row{.name = fact_name::http_status,
             .text = "http_status",
             .of = fact_of::site,
             .least = 1,
             .metric = "changtong_site_http_status",
             .field = "http_status",
             .zero_is_unknown = true},
    fact_row{.name = fact_name::page_bytes, .text = "page_bytes"},
    fact_row{.name = fact_name::redirects, .text = "redirects"},
    fact_row{.name = fact_name::certificate_expiry_seconds,
             .text = "certificate_expiry_seconds",
             .of = fact_of::site,
             .unit = fact_unit::unix_seconds,
             .least = 1,
             .metric = "changtong_site_certificate_expiry_timestamp_seconds",
             .field = "certificate_expiry"},
    fact_row{.name = fact_name::http_version,
             .text = "http_version",
             .of = fact_of::site,
             .least = 1,
             .metric = "changtong_site_protocol",
             .label = R"(of="http")"},
    fact_row{.name = fact_name::tls_version,
             .text = "tls_version",
             .of = fact_of::site,
             .least = 1,
             .metric = "changtong_site_protocol",
             .label = R"(of="tls")"},
    fact_row{.name = fact_name::address_family,
             .text = "address_family",
             .of = fact_of::site,
             .least = 1,
             .metric = "changtong_site_protocol",
             .label = R"(of="ip")"},
};

/** A fact's place in the table. */
constexpr std::size_t place_of(fact_name n) { return static_cast<std::size_t>(n); }
constexpr const fact_row& row_of(fact_name n) { return fact_table[place_of(n)]; }
constexpr std::string_view name_of(fact_name n) { return row_of(n).text; }

static_assert(
    [] {
      for (std::size_t i = 0; i < fact_table.size(); ++i)
        if (place_of(fact_table[i].name) != i) return false;
      return true;
    }(),
    "rows in the order of the names");

}  // namespace changtong
