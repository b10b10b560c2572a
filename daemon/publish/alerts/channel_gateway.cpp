#include <algorithm>
#include <array>

#include "daemon/core/ascii.h"
#include "daemon/core/html.h"
#include "daemon/core/json.h"
#include "daemon/publish/alerts/channel_kinds.h"
#include "daemon/publish/alerts/channel_text.h"

namespace changtong::alerts {
namespace {

enum class writing : std::uint8_t { json, form, xml, plain };

writing writing_of(std::string_view written) {
  const std::string content_type = ascii::lower(written);
  if (content_type.find("json") != std::string::npos) return writing::json;
  if (content_type.find("form") != std::string::npos) return writing::form;
  return content_type.find("xml") != std::string::npos ? writing::xml : writing::plain;
}

std::string escaped(std::string_view text, writing how) {
  if (how == writing::form) return percent_encoded(text);
  if (how == writing::xml) return html_text(text);
  if (how == writing::plain) return std::string(text);
  std::string quoted;
  append_json_string(quoted, text);
  return quoted.substr(1, quoted.size() - 2);
}

struct variable {
  std::string_view name;
  std::string value;
};

/** In one pass: a value that looks like a variable is none. */
std::string filled(const std::string& pattern, const std::array<variable, 4>& values, writing how) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size();) {
    const auto known = std::ranges::find_if(
        values, [&](const variable& v) { return std::string_view(pattern).substr(i).starts_with(v.name); });
    if (known == values.end()) {
      out += pattern[i++];
    } else {
      out += escaped(known->value, how);
      i += known->name.size();
    }
  }
  return out;
}

bool asks_for_title(std::string_view pattern) { return pattern.find("${title}") != std::string_view::npos; }

/** Nobody types what a telephone says. */
std::string for_telephone(const message& m) {
  if (m.command.empty()) return m.text;
  std::string out;
  for (std::size_t at = 0; at < m.text.size();) {
    const std::size_t end = std::min(m.text.find('\n', at), m.text.size() - 1) + 1;
    const std::string_view line = std::string_view(m.text).substr(at, end - at);
    if (line.find(m.command) == std::string_view::npos) out += line;
    at = end;
  }
  return out;
}

std::string titled(const message& m, std::size_t most_bytes) {
  const std::string title = one_line(fitted(m.title, 200)) + "：";
  return title + one_line(fitted(for_telephone(m), most_bytes - std::min(most_bytes, title.size())));
}

}  // namespace

std::vector<outgoing> by_gateway(const rendering& r, std::size_t most_bytes) {
  const alert_channel& c = r.channel;
  const writing how = writing_of(c.content_type);
  const std::string title = one_line(fitted(r.what.title, 200));
  // what is down stands in the title: a gateway that does not ask for it apart gets it at the head of the text
  const bool apart = asks_for_title(c.body) || asks_for_title(c.url.reveal());
  const std::string text = apart ? one_line(fitted(for_telephone(r.what), most_bytes)) : titled(r.what, most_bytes);
  std::vector<outgoing> out;
  for (const std::string& phone : each_once(r.to.phones, c.to, std::string::npos)) {
    const std::array<variable, 4> values{
        variable{"${phone}", phone}, {"${text}", text}, {"${title}", title}, {"${id}", r.what.id}};
    out.emplace_back(http_message{
        .url = c.url, .headers = c.headers, .content_type = c.content_type, .body = filled(c.body, values, how)});
  }
  return out;
}

}  // namespace changtong::alerts
