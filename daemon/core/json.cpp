#include "daemon/core/json.h"

#include <array>
#include <charconv>
#include <cmath>

#include "daemon/core/utf8.h"

namespace changtong {

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
      ++i;
    } else if (u < 0x20 || u == 0x7f) {
      out += "\\u00";
      out += hex[u >> 4];
      out += hex[u & 15];
      ++i;
    } else if (const std::size_t n = utf8_length(text.substr(i)); n > 0) {
      out.append(text, i, n);
      i += n;
    } else {
      out += "\xef\xbf\xbd";
      ++i;
    }
  }
  out += '"';
}

void json_object::key(std::string_view k) {
  if (text_.size() > 1) text_ += ',';
  append_json_string(text_, k);
  text_ += ':';
}

json_object& json_object::add(std::string_view k, std::string_view value) {
  key(k);
  append_json_string(text_, value);
  return *this;
}

json_object& json_object::add(std::string_view k, std::int64_t value) {
  key(k);
  std::array<char, 24> buffer{};
  text_.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
  return *this;
}

json_object& json_object::add(std::string_view k, double value) {
  if (!std::isfinite(value)) return add_null(k);
  key(k);
  std::array<char, 32> buffer{};
  text_.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
  return *this;
}

json_object& json_object::add_bool(std::string_view k, bool value) { return add_raw(k, value ? "true" : "false"); }
json_object& json_object::add_null(std::string_view k) { return add_raw(k, "null"); }

json_object& json_object::add_raw(std::string_view k, std::string_view json) {
  key(k);
  text_ += json;
  return *this;
}

void json_array::next() {
  if (text_.size() > 1) text_ += ',';
}

json_array& json_array::add(std::string_view text) {
  next();
  append_json_string(text_, text);
  return *this;
}

json_array& json_array::add_raw(std::string_view json) {
  next();
  text_ += json;
  return *this;
}

std::string json_list(std::span<const std::string> texts) {
  json_array all;
  for (const std::string& t : texts) all.add(t);
  return all.text();
}

}  // namespace changtong
