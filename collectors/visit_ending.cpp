#include "collectors/visit_ending.h"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>

namespace changtong {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
namespace http = boost::beast::http;
using boost::system::error_code;

ending ending_of_resolving(const error_code& e) {
  if (e == asio::error::host_not_found || e == asio::error::no_data) return ending::bad(cause::name_not_found);
  if (e == asio::error::operation_aborted) return ending::own(cause::own_failure);
  return ending::own(cause::own_resolver, "本机解析器无应答: " + e.message());
}

ending ending_of_talking(const error_code& e) {
  if (e == http::error::body_limit) return ending::bad(cause::http_too_large);
  if (e == http::error::end_of_stream || e == http::error::partial_message || e == asio::error::eof ||
      e == ssl::error::stream_truncated)
    return ending::bad(cause::closed_early);
  if (e.category() == http::make_error_code(http::error::bad_line_ending).category())
    return ending::bad(cause::protocol, e.message());
  if (e.category() == asio::error::get_ssl_category()) return ending::bad(cause::tls_handshake, e.message());
  if (e.category() == boost::system::system_category()) return ending::of(e.value(), net::stage::network);
  return ending::bad(cause::protocol, e.message());
}

}  // namespace changtong
