#include "daemon/run/seal_post.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/host/plain_file.h"
#include "daemon/host/post.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/seal.h"

namespace changtong {
namespace {

constexpr milliseconds longest_retry = std::chrono::hours{1};

/** How many lines have been taken; nothing readable means none: a receiver may get a line twice. */
std::size_t posted_before(const std::string& file) {
  const auto text = host::read_plain_file(file, 64);
  std::size_t count = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), count);
  return count;
}

}  // namespace

seal_post::seal_post(seal_post_options o, daemon_tallies& tallies)
    : options_(std::move(o)), tallies_(tallies), thread_([this](const std::stop_token& stop) { return round(stop); }) {}

host::background::pause seal_post::round(const std::stop_token& stop) {
  const auto done = post_all(stop);
  if (stop.stop_requested()) return {};
  if (done) {
    if (retry_ > milliseconds{0}) log::info("封存已补发 / the seals have been posted after all");
    retry_ = milliseconds{0};
    return {};
  }
  tallies_.seal_post_failures.fetch_add(1, std::memory_order_relaxed);
  if (retry_ == milliseconds{0})
    log::error("封存发不到 seal.url，稍后再发 / a seal could not be posted and will be tried again: {}",
               to_string(done.error()));
  retry_ = retry_ == milliseconds{0} ? options_.first_retry : std::min(2 * retry_, longest_retry);
  return {retry_, retry_};
}

result<void> seal_post::post_all(const std::stop_token& stop) {
  if (!host::plain_file_exists(options_.seals_file)) return {};
  const auto text = host::read_plain_file(options_.seals_file, ledger::most_seals_file_bytes);
  if (!text) return text.error();
  // Only whole lines: the last may still be under way.
  const auto lines = ledger::lines_in(std::string_view(*text).substr(0, text->rfind('\n') + 1));
  std::size_t posted = posted_before(options_.posted_file);
  if (posted > lines.size()) posted = 0;  // the file was begun anew
  for (; posted < lines.size(); ++posted) {
    if (const auto done = post(lines[posted], stop); !done) return done.error();
    if (const auto noted = host::replace_plain_file(options_.posted_file, std::to_string(posted + 1) + "\n", 0640);
        !noted) {
      problem p = noted.error();
      p.file = options_.posted_file;
      return p;
    }
  }
  return {};
}

result<void> seal_post::post(const std::string& line, const std::stop_token& stop) {
  const wire::web_address& to = options_.to;
  host::http_post what{
      .url = secret(fmt::format("{}://{}{}", to.tls ? "https" : "http", wire::host_header(to), to.target)),
      .headers = {},
      .body = line};
  if (!options_.token.empty()) what.headers = {{"Authorization", secret("Bearer " + options_.token.reveal())}};
  const auto answer = host::post({.what = std::move(what),
                                  .ca_file = options_.ca_file,
                                  .names = options_.names,
                                  .patience = options_.timeout,
                                  .most_body = 0},
                                 stop);
  if (!answer) return answer.error();
  if (answer->status >= 200 && answer->status <= 299) return {};
  return said(both("HTTP 状态 {}", "HTTP status {}", answer->status));
}

std::unique_ptr<seal_post> seal_post_of(const settings& s, host::look_up names, daemon_tallies& tallies) {
  if (s.seal.url.empty()) return nullptr;
  return std::make_unique<seal_post>(seal_post_options{.to = wire::parse_web_address(s.seal.url).value(),
                                                       .token = s.seal.url_token,
                                                       .ca_file = s.seal.url_ca_file,
                                                       .names = std::move(names),
                                                       .seals_file = ledger::seals_file_of(s.ledger),
                                                       .posted_file = ledger::posted_file_of(s.ledger)},
                                     tallies);
}

}  // namespace changtong
