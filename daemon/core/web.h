#pragma once
/** HTTP without a server: what metrics and api answer, and what publish/http carries. */
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace changtong {

struct web_request {
  std::string method;                               ///< GET, HEAD, POST
  std::string path;                                 ///< decoded, begins with '/', without the query
  std::multimap<std::string, std::string> query;    ///< decoded
  std::multimap<std::string, std::string> headers;  ///< names in lower case
  std::string body;                                 ///< at most web_route::most_body, 1 MiB where it says nothing
  std::string peer{};  ///< address without a port that it came from: through a trusted proxy, that of who asked
  /** The user whom a trusted proxy names; empty: more than one, or nobody. None: no proxy says. */
  std::optional<std::string> vouched{};
  /** Whom the client's certificate is for, its common name and DNS names; empty: none was shown, or it was not asked
   * for one. It was verified. */
  std::vector<std::string> certified{};

  [[nodiscard]] std::string_view header(const std::string& lower_case_name) const {
    const auto it = headers.find(lower_case_name);
    return it == headers.end() ? std::string_view{} : std::string_view(it->second);
  }
  [[nodiscard]] std::string_view parameter(const std::string& name) const {
    const auto it = query.find(name);
    return it == query.end() ? std::string_view{} : std::string_view(it->second);
  }
};

struct web_response {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  /** If set, `body` is ignored: called until it returns false, each call appends one chunk (streamed). */
  std::function<bool(std::string& chunk)> stream;
  /** If set, `body` is what is said at once; what happens afterwards is said as it happens: an event `change` each. */
  bool listens = false;
};

/** {"error":{"code","text","text_en"}}: `code` for programs, the rest for people. */
[[nodiscard]] web_response problem_answer(int status, std::string_view code, std::string_view text,
                                          std::string_view text_en);

/** Runs on a thread of its route's lane, several at once; must not block on the probe thread. */
using web_handler = std::function<web_response(const web_request&)>;

/** On whose threads a route runs. What waits in one lane holds up no other. */
enum class web_lane : std::uint8_t {
  vital,     ///< waits for no disk, no ledger and no person; places are kept for it however many others come
  reading,   ///< may take long: it reads the ledger
  entering,  ///< waits for a commit, be the disk as slow as it likes
  knocking,  ///< asked by strangers and dear: passwords and links. Few wait, and nobody who is in waits for them
  making,    ///< takes minutes: files made of the ledger, one after the other
};

/** What is said at once to whom a route turns away by the head of a request; nothing: its body may come. On the thread
 * that carries bytes: waits for nothing. */
using web_doorkeeper = std::function<std::optional<web_response>(const web_request& without_body)>;

/** A route: exact path, or a prefix if it ends with "/", and then also how the rest ends. The longest match answers. */
struct web_route {
  std::string method;
  std::string path;
  web_handler answer;
  web_lane lane = method == "POST" ? web_lane::entering : web_lane::reading;
  std::uint64_t most_body = 0;  ///< bytes of a request's body; 0: as many as the server says
  std::string ending{};         ///< after a prefix and something that stands between them
  web_doorkeeper keeper{};      ///< empty: nobody is turned away before the body has come

  [[nodiscard]] std::size_t length() const { return path.size() + ending.size(); }
  [[nodiscard]] bool matches(std::string_view asked) const {
    if (!path.ends_with('/')) return asked == path;
    return asked.starts_with(path) && (ending.empty() || (asked.size() > length() && asked.ends_with(ending)));
  }
};

}  // namespace changtong
