#include "daemon/audit/double_key.h"

#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <set>
#include <vector>

namespace changtong::audit {
namespace {

namespace json = boost::json;

/** Hears a text key by key, as basic_parser wants it. */
struct listener {
  static constexpr std::size_t max_object_size = SIZE_MAX, max_array_size = SIZE_MAX, max_key_size = SIZE_MAX,
                               max_string_size = SIZE_MAX;
  using error = boost::system::error_code;
  using text = json::string_view;

  std::vector<std::set<std::string>> open;
  std::string key;
  std::optional<std::string> found;

  bool on_object_begin(error&) { return open.emplace_back(), true; }
  bool on_object_end(std::size_t, error&) { return open.pop_back(), true; }
  bool on_key_part(text part, std::size_t, error&) { return key += std::string_view(part), true; }
  bool on_key(text part, std::size_t, error&) {
    key += std::string_view(part);
    if (!open.back().insert(key).second && !found) found = key;
    key.clear();
    return true;
  }
  bool on_document_begin(error&) { return true; }
  bool on_document_end(error&) { return true; }
  bool on_array_begin(error&) { return true; }
  bool on_array_end(std::size_t, error&) { return true; }
  bool on_string_part(text, std::size_t, error&) { return true; }
  bool on_string(text, std::size_t, error&) { return true; }
  bool on_number_part(text, error&) { return true; }
  bool on_int64(std::int64_t, text, error&) { return true; }
  bool on_uint64(std::uint64_t, text, error&) { return true; }
  bool on_double(double, text, error&) { return true; }
  bool on_bool(bool, error&) { return true; }
  bool on_null(error&) { return true; }
  bool on_comment_part(text, error&) { return true; }
  bool on_comment(text, error&) { return true; }
};

}  // namespace

std::optional<std::string> double_key(std::string_view text) {
  json::basic_parser<listener> parser{json::parse_options{}};
  boost::system::error_code failed;
  parser.write_some(false, text.data(), text.size(), failed);
  return failed ? std::nullopt : parser.handler().found;
}

std::optional<std::string> double_key_in(const journal_line& l) {
  if (auto key = double_key(l.body)) return key;
  boost::system::error_code failed;
  const json::value body = json::parse(l.body, failed);
  if (failed || !body.is_object()) return std::nullopt;
  for (const char* field : {"policy", "json", "figures", "changes"}) {
    const json::value* text = body.get_object().if_contains(field);
    if (text == nullptr || !text->is_string()) continue;
    if (auto key = double_key(text->get_string())) return field + ("." + *key);
  }
  return std::nullopt;
}

}  // namespace changtong::audit
