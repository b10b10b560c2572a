#pragma once
/** The server's side of TLS: a certificate and its key from files, exchanged while connections go on with the old one.
 */
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/publish/http/server.h"

namespace changtong::http {

using tls_context = std::shared_ptr<boost::asio::ssl::context>;

/** TLS 1.2 and newer. The problem names the file that cannot be used. */
[[nodiscard]] result<tls_context> tls_from(const certificate_files& files);

/** Whom the certificate that the client has shown is for: its common name, and its DNS names as they stand. None where
 * it showed none; one that does not hold ended the handshake. */
[[nodiscard]] std::vector<std::string> names_of_client(SSL* connection);

}  // namespace changtong::http
