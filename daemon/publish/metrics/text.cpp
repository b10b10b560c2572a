#include "daemon/publish/metrics/text.h"

#include <algorithm>

#include "daemon/core/utf8.h"

namespace changtong::metrics {

void append_label_value(std::string& out, std::string_view value) {
  for (std::size_t i = 0; i < value.size();) {
    const char c = value[i];
    const std::size_t n = static_cast<unsigned char>(c) < 0x20 ? 0 : utf8_length(value.substr(i));
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (n > 0) {
      out.append(value, i, n);
    } else {
      out += "\xef\xbf\xbd";
    }
    i += n > 0 ? n : 1;
  }
}

void append_label(std::string& out, char before, std::string_view name, std::string_view value) {
  out += before;
  out += name;
  out += "=\"";
  append_label_value(out, value);
  out += '"';
}

std::string escaped_help(std::string_view help) {
  std::string out;
  for (const char c : help) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

namespace {

constexpr std::string_view total = "_total";

/** line_outages_total beside line_outages: as OpenMetrics families both would be line_outages. */
bool bare_name_is_taken(const metric& counter) {
  const std::string_view bare = counter.name.substr(0, counter.name.size() - total.size());
  return std::ranges::any_of(all_metrics, [bare](const metric& m) { return m.name == bare; });
}

bool loses_total(const metric& what, format f) {
  return f == format::openmetrics && what.type == metric_type::counter && what.name.ends_with(total);
}

}  // namespace

std::string_view family_name(const metric& what, format f) {
  if (!loses_total(what, f) || bare_name_is_taken(what)) return what.name;
  return what.name.substr(0, what.name.size() - total.size());
}

void append_head(std::string& out, const metric& what, format f) {
  const bool unsaid = loses_total(what, f) && bare_name_is_taken(what);
  out.append("# HELP ").append(family_name(what, f)).append(" ").append(escaped_help(what.help));
  out.append("\n# TYPE ").append(family_name(what, f)).append(" ");
  out.append(unsaid ? "unknown" : name_of(what.type)).append("\n");
}

}  // namespace changtong::metrics
