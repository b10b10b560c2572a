#pragma once
/** The exposition format's bytes: escaping and numbers. */
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/publish/metrics/names.h"

namespace changtong::metrics {

/** The two forms of the exposition: Prometheus text 0.0.4, and OpenMetrics 1.0.0, which names a counter's family
 * without its _total and ends with # EOF. */
enum class format : std::uint8_t { text, openmetrics };

/** A label's value: \\ \" \n as the format has them. Other control characters and invalid UTF-8 become U+FFFD: one
 * such byte would make Prometheus reject the whole page. */
void append_label_value(std::string& out, std::string_view value);
/** `,name="value"`, or with '{' where `out` does not yet have a label. */
void append_label(std::string& out, char before, std::string_view name, std::string_view value);
/** The # HELP and # TYPE lines. */
void append_head(std::string& out, const metric& what, format f);
/** HELP text: \\ and \n escaped. OpenMetrics wants \" too, so none of names.h has a quote (a test holds it). */
[[nodiscard]] std::string escaped_help(std::string_view help);
/** A metric's name as # HELP and # TYPE have it. In OpenMetrics a counter's is without _total, unless a gauge has that
 * name already: then it is the whole name, of type unknown, so that every family is one metric and no sample changes
 * its name. */
[[nodiscard]] std::string_view family_name(const metric& what, format f);

/** The shortest text that reads back the same. */
template <class N>
void append_number(std::string& out, N value) {
  char buffer[40];  // NOLINT: to_chars writes to a pointer
  if constexpr (std::is_floating_point_v<N>) {
    if (!std::isfinite(value)) {
      out += std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
      return;
    }
  }
  out.append(buffer, static_cast<std::size_t>(std::to_chars(buffer, buffer + sizeof buffer, value).ptr - buffer));
}

}  // namespace changtong::metrics
