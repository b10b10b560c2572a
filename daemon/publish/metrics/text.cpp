#include "daemon/publish/metrics/text.h"

#include "daemon/core/json.h"

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

void append_head(std::string& out, const metric& what) {
  out.append("# HELP ").append(what.name).append(" ").append(escaped_help(what.help));
  out.append("\n# TYPE ").append(what.name).append(" ").append(name_of(what.type)).append("\n");
}

}  // namespace changtong::metrics
