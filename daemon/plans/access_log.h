#pragma once
/** Page views and visits from web servers' access logs (nginx and Apache "combined" or "common", IIS W3C extended).
 * Pure and streaming: lines are given one by one; memory is bounded by the number of visitors kept:
 * at most_visitors all of them are counted as they stand and forgotten. Any bytes are safe; a line longer than
 * most_log_line is unreadable.
 *
 * The rule, printed with each figure (access_rule): a page view is a GET answered with 200 or 304 whose path is a page
 * (ends with / or .html .htm .shtml .php .asp .aspx .jsp .jspx .do .action, or has no extension), inside the period,
 * not by a robot. A robot is whoever calls itself one (bot, spider, crawl, slurp, curl, wget, python, java/, go-http,
 * scrapy, monitor, probe; an empty user agent too), and every address with an agent that fetched /robots.txt - from
 * then on, and its views so far are taken back. A visit is a row of views by one address and one agent with at most 30
 * minutes from each to the next; logs are in order of time, so a view that is more than 30 minutes older than the one
 * before it from the same visitor begins a visit too. */
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "daemon/core/instant.h"
#include "daemon/plans/access_counts.h"

namespace changtong::plans {

inline constexpr std::size_t most_log_line = 64 * 1024;
inline constexpr std::size_t most_visitors = 2'000'000;
inline constexpr std::string_view access_rule =
    "计数规则：GET 且状态码 200 或 304、路径为页面（以 / 或 .html .htm .shtml .php .asp .aspx .jsp .jspx .do .action "
    "结尾，或没有扩展名）的请求计一次页面浏览；同一地址与浏览器标识相隔不超过 30 "
    "分钟的浏览为一次访问；浏览器标识为空或含 "
    "bot、spider、crawl、slurp、curl、wget、python、java/、go-http、scrapy、monitor、probe 的，以及取过 /robots.txt "
    "的地址与浏览器标识，视为爬虫，不计";

/** One request as a log has it; views into the line. */
struct access {
  std::string_view address, method, path, agent;  ///< the path without its query
  int status = 0;
  wall_t at{};
};

class access_tally {
 public:
  explicit access_tally(period p) : period_(p) {}

  /** A new file begins: what a W3C log said of its columns is forgotten. */
  void begin_file() { columns_.clear(); }
  /** A line without its end. */
  void add(std::string_view line);
  /** Instants are ISO 8601 in UTC. */
  [[nodiscard]] access_counts counts() const;

 private:
  struct visitor {
    std::int64_t last = 0;  ///< ms
    std::int64_t views = 0, visits = 0;
    bool robot = false;
  };
  void directive(std::string_view line);
  void count(const access& a);

  period period_;
  std::string columns_;  ///< of #Fields, with blanks
  access_counts counts_;
  std::int64_t first_ = 0, last_ = 0;
  std::unordered_map<std::uint64_t, visitor> visitors_;
};

/** Apache and nginx: address - user [10/Oct/2026:13:55:36 +0800] "GET /path HTTP/1.1" 200 2326 "referrer" "agent".
 * False if the line is not one. Agent empty in the common format: `has_agent` tells. */
[[nodiscard]] bool read_combined(std::string_view line, access& a, bool& has_agent);
/** IIS: fields by the names of #Fields, times in UTC. False if it is not one, or a needed field is not there. */
[[nodiscard]] bool read_w3c(std::string_view line, std::string_view columns, access& a, bool& has_agent);
[[nodiscard]] bool is_page(std::string_view path);
[[nodiscard]] bool is_robot_agent(std::string_view agent);

}  // namespace changtong::plans
