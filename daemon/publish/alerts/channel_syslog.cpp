#include <fmt/format.h>

#include "daemon/core/utf8.h"
#include "daemon/publish/alerts/channel_kinds.h"
#include "daemon/publish/alerts/channel_text.h"

namespace changtong::alerts {
namespace {

constexpr unsigned local0 = 16;
constexpr std::size_t most_datagram = 2048, most_streamed = 8192;  ///< bytes that receivers take (RFC 5424, 5425, 5426)

unsigned severity_of(const message& m) {
  if (m.over || m.kind == message_kind::resolved) return 5;  // notice
  if (m.kind == message_kind::acknowledged) return 6;        // informational
  return m.severity <= 1 ? 2 : m.severity == 2 ? 3 : 4;      // critical, error, warning
}

/** The value of a parameter: `"`, `\` and `]` are escaped. */
std::string parameter(std::string_view name, std::string_view value) {
  std::string out = fmt::format(" {}=\"", name);
  for (const char c : shortened(value, 200)) {
    if (c == '"' || c == '\\' || c == ']') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

}  // namespace

std::vector<outgoing> by_syslog(const rendering& r) {
  const message& m = r.what;
  // No name of this host: whoever receives it knows whom it came from. 32473 is the number that RFC 5612 lends.
  std::string line =
      fmt::format("<{}>1 {} - changtong - {} [alert@32473{}{}{}{}{}] \xEF\xBB\xBF", local0 * 8 + severity_of(m),
                  r.zone.format(r.now), name_of(m.kind), parameter("id", m.id), parameter("cause", m.cause),
                  parameter("began", r.zone.format(m.began)), parameter("count", std::to_string(m.count)),
                  parameter("over", m.over ? "true" : "false"));
  const std::size_t most = r.channel.url.reveal().starts_with("udp:") ? most_datagram : most_streamed;
  // A line end becomes three bytes more at most: what is said of them is measured as one line.
  std::size_t room = most - line.size();
  std::string words = one_line(whole_text(m, room));
  while (line.size() + words.size() > most && room > 0) {
    room -= std::min(room, line.size() + words.size() - most);
    words = one_line(whole_text(m, room));
  }
  return {syslog_message{line + words}};
}

}  // namespace changtong::alerts
