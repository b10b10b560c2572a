#pragma once
/** Writing JSON text without a library: used where the exact bytes matter (journal entries are hashed). */
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace changtong {

/** Appends `text` as a JSON string with quotes. Invalid UTF-8 becomes U+FFFD, so the result is always valid JSON. */
void append_json_string(std::string& out, std::string_view text);

/** Builds one object, keys in the order given. Values are written at once; nothing is kept but the text. */
class json_object {
 public:
  json_object() : text_("{") {}
  json_object& add(std::string_view key, std::string_view value);
  json_object& add(std::string_view key, const char* value) { return add(key, std::string_view(value)); }
  json_object& add(std::string_view key, std::int64_t value);
  json_object& add(std::string_view key, double value);  ///< shortest text that reads back the same; null if not finite
  json_object& add_bool(std::string_view key, bool value);
  json_object& add_null(std::string_view key);
  json_object& add_raw(std::string_view key, std::string_view json);
  [[nodiscard]] std::string text() const { return text_ + "}"; }

 private:
  void key(std::string_view k);
  std::string text_;
};

/** Builds one array. */
class json_array {
 public:
  json_array& add(std::string_view text);      ///< as a string
  json_array& add_raw(std::string_view json);  ///< as it is
  [[nodiscard]] std::string text() const { return text_ + "]"; }

 private:
  void next();
  std::string text_ = "[";
};
/** `["a","b"]` */
[[nodiscard]] std::string json_list(std::span<const std::string> texts);

}  // namespace changtong
