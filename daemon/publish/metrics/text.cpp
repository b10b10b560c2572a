#include "daemon/publish/metrics/text.h"

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

std::string_view family_name(const metric& what, format f) {
  constexpr std::string_view total = "_total";
  std::string_view name = what.name;
  if (f == format::openmetrics && what.type == metric_type::counter && name.ends_with(total))
    name.remove_suffix(total.size());
  return name;
}

void append_head(std::string& out, const metric& what, format f) {
  out.append("# HELP ").append(family_name(what, f)).append(" ").append(escaped_help(what.help));
  out.append("\n# TYPE ").append(family_name(what, f)).append(" ").append(name_of(what.type)).append("\n");
}

}  // namespace changtong::metrics
