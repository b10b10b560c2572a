#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "daemon/core/utf8.h"
#include "daemon/publish/alerts/channel_kinds.h"
#include "daemon/publish/alerts/channel_text.h"

// RFC 5322 (the message), 2047 (words of a heading that are not ASCII), 2045 (its body), 3834 (nobody answers it).

namespace changtong::alerts {
namespace {

constexpr std::size_t most_text = 100'000;  ///< bytes
constexpr std::size_t most_word = 39;       ///< bytes in an encoded word: with "Subject: " its line has 73 characters
constexpr std::size_t most_receivers = 100;

/** As a heading takes it: the text itself, or encoded words, one a line, none of which ends inside a character. */
std::string heading_words(std::string text) {
  std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  const bool plain = std::ranges::all_of(text, [](unsigned char c) { return c < 0x7F; });
  if (plain && text.size() <= 60 && text.find("=?") == std::string::npos) return text;
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t size = std::max<std::size_t>(whole_characters(rest, most_word), 1);
    out += fmt::format("{}=?UTF-8?B?{}?=", out.empty() ? "" : "\r\n ", base64(rest.substr(0, size)));
    rest.remove_prefix(std::min(size, rest.size()));
  }
  return out;
}

/** Sat, 14 Mar 2026 09:26:53 +0800 */
std::string mail_date(wall_t at, const civil_zone& zone) {
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string t = zone.format(at);  // 2026-03-14T09:26:53.589+08:00
  const auto number = [&t](std::size_t from, std::size_t size) {
    unsigned n = 0;
    for (const char c : t.substr(from, size)) n = 10 * n + static_cast<unsigned>(c - '0');
    return n;
  };
  const unsigned month = std::clamp(number(5, 2), 1U, 12U);
  const std::chrono::year_month_day day{std::chrono::year{static_cast<int>(number(0, 4))}, std::chrono::month{month},
                                        std::chrono::day{number(8, 2)}};
  const std::chrono::weekday weekday{std::chrono::sys_days{day}};
  return fmt::format("{}, {:02} {} {:04} {} {}{}", days[weekday.c_encoding()], number(8, 2), months[month - 1],
                     number(0, 4), t.substr(11, 8), t.substr(23, 3), t.substr(27, 2));
}

/** Of an id or a name: what may stand on either side of the @ of a Message-ID. */
std::string atom(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool fine =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    out += fine ? c : '-';
  }
  while (out.starts_with('.')) out.erase(0, 1);
  while (out.ends_with('.')) out.pop_back();
  return out.empty() ? "changtong" : out;
}

std::string in_lines(const std::string& encoded) {
  std::string out;
  for (std::size_t i = 0; i < encoded.size(); i += 76) out += encoded.substr(i, 76) + "\r\n";
  return out;
}

std::string text_of(const message& m) {
  std::string text = fitted(m.text, most_text);
  while (text.ends_with('\n')) text.pop_back();
  if (!m.link.empty() && text.find(m.link) == std::string::npos) text += "\n\n" + m.link;
  text += fmt::format("\n\n告警编号：{}\n", m.id);
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

/** One entity of RFC 2045: its heading, an empty line, its body, encoded so that no line is too long. */
std::string part(std::string_view content_type, std::string_view besides, std::string_view content) {
  return fmt::format("Content-Type: {}\r\n{}Content-Transfer-Encoding: base64\r\n\r\n", content_type, besides) +
         in_lines(base64(content));
}

/** Several, RFC 2046; nothing that is base64 holds the boundary. */
std::string parts(std::string_view kind, const std::string& boundary, const std::vector<std::string>& all) {
  std::string out = fmt::format("Content-Type: multipart/{}; boundary=\"{}\"\r\n\r\n", kind, boundary);
  for (const std::string& one : all) out += fmt::format("--{}\r\n{}", boundary, one);
  return out + fmt::format("--{}--\r\n", boundary);
}

/** The text; with it its page, if there is one, and the files. */
std::string content_of(const message& m, const std::string& mark) {
  std::string out = part("text/plain; charset=utf-8", "", text_of(m));
  if (!m.page.empty())
    out = parts("alternative", "=_page_" + mark, {out, part("text/html; charset=utf-8", "", m.page)});
  if (m.files.empty()) return out;
  std::vector<std::string> all{std::move(out)};
  for (const attached_file& f : m.files)
    all.push_back(part(f.content_type,
                       fmt::format("Content-Disposition: attachment; filename=\"{}\"\r\n", atom(f.name)), f.content));
  return parts("mixed", "=_files_" + mark, all);
}

}  // namespace

std::vector<outgoing> by_mail(const rendering& r) {
  const message& m = r.what;
  const std::string& from = r.channel.from;
  const auto to = each_once(r.to.mails, r.channel.to, most_receivers);
  if (to.empty()) return {};
  const std::string domain = atom(from.substr(from.find('@') + 1));
  // All mails of an alert answer one that was never sent: every reader of mail shows them together. An id of its own
  // for each: one that was said again, to somebody else or after an error, must not be taken for a copy.
  const std::string story = fmt::format("<{}@{}>", atom(m.id), domain);
  const std::string whose = hex_digits(hmac_sha256(r.channel.id, fmt::format("{}", fmt::join(to, ",")))).substr(0, 8);
  const std::string own = fmt::format("<{}.{}.{}.{}@{}>", atom(m.id), name_of(m.kind), ms_of(r.now), whose, domain);
  std::string body =
      fmt::format("From: {} <{}>\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: {}\r\n", heading_words("畅通"),
                  from, fmt::join(to, ",\r\n "), heading_words(m.title), mail_date(r.now, r.zone), own);
  body += fmt::format("In-Reply-To: {}\r\nReferences: {}\r\nAuto-Submitted: auto-generated\r\n", story, story);
  if (m.severity <= 1) body += "Importance: high\r\nX-Priority: 1\r\n";
  body += "MIME-Version: 1.0\r\n" + content_of(m, whose);
  return {mail_message{.from = from, .to = to, .body = std::move(body)}};
}

channel_answer answer_of_mail(const alert_channel& c, unsigned status, const std::string& body) {
  using enum channel_answer::end;
  channel_answer out{.how = refused, .text = without_secrets(c, body.empty() ? fmt::format("SMTP {}", status) : body)};
  if (status >= 200 && status <= 299) out.how = taken;
  if (status >= 400 && status <= 499) out.how = later;
  if (status == 421 || status == 450 || status == 451) out.pause = milliseconds{65'000};  // too many, or greylisted
  return out;
}

}  // namespace changtong::alerts
