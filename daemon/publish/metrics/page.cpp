#include "daemon/publish/metrics/page.h"

#include <charconv>

#include "daemon/core/mutex.h"
#include "daemon/core/utf8.h"
#include "daemon/host/gzip.h"
#include "daemon/publish/metrics/indicator_series.h"
#include "daemon/publish/metrics/own.h"
#include "daemon/publish/metrics/series.h"

namespace changtong::metrics {
namespace {

constexpr std::uint32_t most_shards = 1024;

std::optional<std::uint32_t> whole(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/** `2/4`; empty for anything else. */
std::optional<shard> shard_named(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto number = whole(text.substr(0, slash)), of = whole(text.substr(slash + 1));
  if (!number || !of || *number < 1 || *number > *of || *of > most_shards) return std::nullopt;
  return shard{*number, *of};
}

/** Words separated by spaces, as the configuration has them (a + in a query is a space). */
std::optional<series_groups> groups_named(std::string_view text) {
  series_groups out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) {
      const auto group = series_group_named(text.substr(0, end));
      if (!group) return std::nullopt;
      out.add(*group);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

/** Whether a list such as `text/plain;q=0.5, gzip` names the word and does not refuse it with q=0. */
bool accepts(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    std::string_view one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(one.size() + 1, list.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (!one.starts_with(word)) continue;
    const std::string_view more = one.substr(word.size());
    const bool ends = more.empty() || more.front() == ';' || more.front() == ' ';
    if (ends && !more.ends_with("q=0") && !more.ends_with("q=0.0")) return true;
  }
  return false;
}

web_response refused(std::string_view text, std::string_view text_en) {
  return problem_answer(400, "bad_request", text, text_en);
}

/** One that is not ours, or one that is there twice: of two shards only one would be shown. */
std::optional<web_response> odd_parameter(const web_request& asked) {
  for (const auto& [name, value] : asked.query) {
    const std::string shown(shortened(name, 64));
    if (name != "shard" && name != "without")
      return refused("参数无效：未知参数 " + shown + "，可用：shard、without",
                     "unknown parameter " + shown + "; known: shard, without");
    if (asked.query.count(name) > 1)
      return refused("参数无效：" + shown + " 给了两次", "parameter given twice: " + shown);
  }
  return std::nullopt;
}

}  // namespace

struct page::state {
  page_sources from;
  mutex looking;
  std::shared_ptr<const label_blocks> labels GUARDED_BY(looking);

  std::shared_ptr<const label_blocks> labels_of(const std::shared_ptr<const inventory>& inv) {
    const holding lock(looking);
    if (!labels || labels->made_for != inv) labels = std::make_shared<const label_blocks>(inv);
    return labels;
  }

  /** Null boards (before the first load) give the daemon's own metrics alone. */
  scene look() {
    scene s;
    s.now = from.boards->get();
    if (!s.now) return s;
    s.labels = labels_of(s.now->districts);
    if (from.books) s.books = from.books();
    if (from.zone) s.zone = from.zone();
    return s;
  }
};

page::page(page_sources from) : state_(std::make_unique<state>()) { state_->from = std::move(from); }
page::~page() = default;

namespace {

/** The daemon's own part, the series, the end: each call gives one piece that is not empty. */
std::function<bool(std::string&)> text_of(std::string own, scene s) {
  enum class place : std::uint8_t { own, series, end, done };
  return
      [own = std::move(own), s = std::move(s), cursor = series_cursor(), at = place::own](std::string& chunk) mutable {
        if (at == place::own) {
          at = s.now != nullptr ? place::series : place::end;
          chunk = std::move(own);
          if (!chunk.empty()) return true;
        }
        if (at == place::series) {
          if (cursor.next(s, chunk)) return true;
          at = place::end;
        }
        if (at == place::done || s.form != format::openmetrics) return false;
        at = place::done;
        chunk += "# EOF\n";
        return true;
      };
}

}  // namespace

web_response page::answer(const web_request& asked) const {
  if (auto wrong = odd_parameter(asked)) return std::move(*wrong);
  scene s = state_->look();
  if (const auto written = asked.parameter("shard"); !written.empty()) {
    const auto part = shard_named(written);
    if (!part) return refused("shard 应为 K/N，1 ≤ K ≤ N ≤ 1024", "shard is K/N with 1 <= K <= N <= 1024");
    s.part = *part;
  }
  const auto asked_without = groups_named(asked.parameter("without"));
  if (!asked_without)
    return refused("without 中有不认识的序列组", "without names a group of series that does not exist");
  if (state_->from.without) s.without = state_->from.without();
  s.without.add(*asked_without);
  if (accepts(asked.header("accept"), "application/openmetrics-text")) s.form = format::openmetrics;

  web_response out;
  out.content_type = s.form == format::openmetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                                   : "text/plain; version=0.0.4; charset=utf-8";
  out.headers.emplace_back("Vary", "Accept, Accept-Encoding");
  std::string own = s.part.first() ? own_metrics(state_->from, read_process(), s.without, s.form) : std::string();
  if (const auto e = s.part.first() && state_->from.evaluation ? state_->from.evaluation() : nullptr)
    append_evaluation(*e, s.form, own);
  out.stream = text_of(std::move(own), std::move(s));
  if (accepts(asked.header("accept-encoding"), "gzip")) {
    out.headers.emplace_back("Content-Encoding", "gzip");
    out.stream = host::gzipped(std::move(out.stream));
  }
  return out;
}

std::vector<web_route> routes(page_sources from) {
  const auto shared = std::make_shared<const page>(std::move(from));
  return {{"GET", "/metrics", [shared](const web_request& asked) { return shared->answer(asked); }, web_lane::vital}};
}

}  // namespace changtong::metrics
