#pragma once
/** How a step of a visit ended, and whose fault each error of the libraries underneath is. Pure. */
#include <boost/system/error_code.hpp>
#include <string>
#include <utility>

#include "collectors/net/failure.h"

namespace changtong {

/** What a finished step says: nothing yet (go on), or the end of the visit. */
struct ending {
  bool reached = false;
  outcome what = outcome::good;
  cause why = cause::none;
  std::string detail{};

  static ending go_on() { return {}; }
  static ending bad(cause why, std::string detail = {}) { return {true, outcome::bad, why, std::move(detail)}; }
  static ending own(cause why, std::string detail = {}) {
    return {true, outcome::not_measured, why, std::move(detail)};
  }
  static ending of(int error, net::stage where) {
    const net::failure f = net::failure_of(error, where);
    return {true, f.what, f.why, {}};
  }
};

/** Of a failed name resolution: a name that does not exist is the site's, a resolver that is silent is ours. */
[[nodiscard]] ending ending_of_resolving(const boost::system::error_code& e);
/** Of a failed TLS or HTTP step on an open connection. */
[[nodiscard]] ending ending_of_talking(const boost::system::error_code& e);

}  // namespace changtong
