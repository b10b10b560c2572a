#pragma once
/** Which route answers, and what every answer carries. Decides without a socket; the session carries the result. */
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/web.h"

namespace changtong::http {

class dispatcher {
 public:
  /** `own_host`: set when we listen on loopback only. Then a Host that is neither a loopback name nor this one is
   * refused, or any web page could read us through a name that it points at 127.0.0.1 (DNS rebinding). */
  dispatcher(std::vector<web_route> routes, std::optional<std::string> own_host);

  /** Thread-safe as far as the routes are. Never throws: an exception of a route is a 500 and a line in the log.
   * HEAD is answered by the GET route; leaving the body out is the session's part. */
  [[nodiscard]] web_response answer(const web_request& request) const;
  /** What its route's keeper says of a request whose body has not come. Never throws. */
  [[nodiscard]] std::optional<web_response> turned_away(const web_request& head) const;
  /** On whose threads to ask that. What no route answers needs no thread of any. */
  [[nodiscard]] web_lane lane_of(std::string_view method, std::string_view path) const;
  /** Bytes of a body that it takes, as web_route::most_body; and the most of any. */
  [[nodiscard]] std::uint64_t body_of(std::string_view method, std::string_view path) const;
  [[nodiscard]] std::uint64_t largest_body() const;

 private:
  /** Null where there is none; `allowed` then holds the methods that the path has. */
  [[nodiscard]] const web_route* found(std::string_view method, std::string_view path, std::string& allowed) const;
  [[nodiscard]] web_response routed(const web_request& request) const;
  [[nodiscard]] bool host_accepted(std::string_view host) const;

  std::vector<web_route> routes_;
  std::optional<std::string> own_host_;
};

/** Headers every answer gets; a route's own header of the same name wins. */
void add_security_headers(web_response& response);

}  // namespace changtong::http
