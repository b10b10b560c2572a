#pragma once
/** The one table of what the API can be asked. Routing, rights, the refusal of a parameter that no row names, and
 * openapi.json are read from it; nothing else lists routes. A topic's file holds its functions and, last, their rows.
 */
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/command.h"
#include "daemon/core/web.h"
#include "daemon/publish/api/context.h"

namespace changtong::api {

/** One parameter of a query. */
struct parameter {
  enum class kind : std::uint8_t {
    text,
    flag,    ///< 1, true, 0, false; false where it is not asked
    number,  ///< from 0 to `most`; `otherwise` where it is not asked
    word,    ///< one of `words`; empty as if it were not asked
    target,  ///< whom a word means: the id, name, circuit, address or URL of a line or site, also of one that is gone
  };
  std::string_view name;
  std::string_view about{};  ///< what it means, for readers of openapi.json
  kind what = kind::text;
  std::size_t otherwise = 0, most = 0;
  std::vector<std::string_view> words{};
};
[[nodiscard]] parameter flag(std::string_view name, std::string_view about);
[[nodiscard]] parameter number(std::string_view name, std::size_t otherwise, std::size_t most);
[[nodiscard]] parameter word(std::string_view name, std::string_view about, std::vector<std::string_view> words);
/** `line`: 404 for a word that means nobody, 409 where it means several; an empty one is as if it were not asked. */
[[nodiscard]] parameter one_line();

/** How a route may say no, besides what follows from the row: 400 for a parameter or a body, 401 and 403 for a right.
 */
struct refusal {
  int status = 0;
  std::string_view why{};
  std::string_view schema = "Error";
};

struct question;

/** Members in the order in which a row reads. */
struct route {
  std::string_view method = "GET";
  std::string_view path{};  ///< {id}, between slashes or at the end, stands for whatever is there
  std::string_view summary{}, about{};
  /** None: reading, for whoever signed in; where there are no users, for everybody. */
  std::optional<right> needs{};
  bool open = false;      ///< needs nobody signed in, users or not
  bool evidence = false;  ///< who reads it is kept in the audit log
  /** Where the body decides which right is needed; `needs` then is what any other body needs. */
  right (*needs_by_body)(const context& from, const question& q) = nullptr;
  bool only_looks = false;              ///< a POST that changes nothing: the audit log keeps it not
  std::string_view body{};              ///< schema of a POST's body; empty: it has none
  std::uint64_t most_body = 0;          ///< of a body that is a file: its bytes, which are no JSON; 0: it is none
  std::vector<parameter> parameters{};  ///< all that a GET, or a POST with a file, takes
  bool any_parameter = false;           ///< the query is not looked at: probes add to an address what they like
  web_lane lane = web_lane::reading;    ///< of a POST that says nothing else: entering
  std::string_view answer{};            ///< schema of the 200; empty: `types`
  std::vector<std::string_view> types{"text/plain"};  ///< of a 200 that is no JSON
  std::string_view done{};  ///< what a 200 says; empty: OK, or of what is entered that it is durable
  std::vector<refusal> refusals{};
  web_response (*function)(context& from, const question& q) = nullptr;
};

/** A request that its row has accepted. */
struct question {
  const route& of;
  const web_request& request;
  std::string id{};                ///< what stands for {id}
  std::string line{};              ///< the id of whom a parameter of the kind `target` means; empty: of any
  author who{};                    ///< of a row that needs a right: who asks
  std::string* touched = nullptr;  ///< of a POST: where it may say, for the audit log, what it changes or would have

  // What was asked, or what the row says where it was not. Only names that the row has.
  [[nodiscard]] std::string_view text(std::string_view name) const;
  [[nodiscard]] bool flag(std::string_view name) const { return number(name) != 0; }
  [[nodiscard]] std::size_t number(std::string_view name) const;
};

/** Every row; no two have method and path in common. */
[[nodiscard]] const std::vector<route>& all_routes();
/** 400 for what its row does not take, 401 and 403 for whom it is not open, 503 for a ledger that fails while it is
 * read (it throws; what a client can do about it is to ask again later), or what the row's function answers. */
[[nodiscard]] web_response answered(const route& of, context& from, const web_request& request);
/** `path` up to {id} and after it: as web_route::path and ending have it. */
[[nodiscard]] std::string_view prefix_of(const route& r);
[[nodiscard]] std::string_view ending_of(const route& r);

// The topics.
[[nodiscard]] std::vector<route> summary_routes();
[[nodiscard]] std::vector<route> line_routes();
[[nodiscard]] std::vector<route> recent_routes();
[[nodiscard]] std::vector<route> map_routes();
[[nodiscard]] std::vector<route> book_routes();
[[nodiscard]] std::vector<route> difference_routes();
[[nodiscard]] std::vector<route> outage_routes();
[[nodiscard]] std::vector<route> evaluation_routes();
[[nodiscard]] std::vector<route> entry_routes();
[[nodiscard]] std::vector<route> alert_routes();
[[nodiscard]] std::vector<route> list_routes();
[[nodiscard]] std::vector<route> account_routes();
[[nodiscard]] std::vector<route> user_routes();
[[nodiscard]] std::vector<route> system_routes();
[[nodiscard]] std::vector<route> report_routes();
[[nodiscard]] std::vector<route> event_routes();
[[nodiscard]] std::vector<route> inventory_routes();
[[nodiscard]] std::vector<route> health_routes();
[[nodiscard]] std::vector<route> document_routes();

}  // namespace changtong::api
