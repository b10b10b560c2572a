#include "daemon/run/certificate.h"

#include "daemon/core/log.h"

namespace changtong {

http::certificate_files certificate_of(const settings& s) {
  return {.certificate = s.tls.certificate, .key = s.tls.key};
}

result<void> renew_certificate(http::server& server, const settings& before, settings& next) {
  if (before.tls.certificate.empty() != next.tls.certificate.empty()) next.tls = before.tls;
  if (next.tls.certificate.empty()) return {};
  auto renewed = server.renew(certificate_of(next));
  if (!renewed) log::error("{}", to_string(renewed.error()));
  return renewed;
}

}  // namespace changtong
