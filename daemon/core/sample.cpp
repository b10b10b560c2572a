#include "daemon/core/sample.h"

namespace changtong {

std::string_view name_of(fact_name n) {
  switch (n) {
    case fact_name::up_time_centiseconds:
      return "up_time_centiseconds";
    case fact_name::interface_oper_status:
      return "interface_oper_status";
    case fact_name::interface_admin_status:
      return "interface_admin_status";
    case fact_name::interface_in_octets:
      return "interface_in_octets";
    case fact_name::interface_out_octets:
      return "interface_out_octets";
    case fact_name::interface_in_errors:
      return "interface_in_errors";
    case fact_name::interface_out_errors:
      return "interface_out_errors";
    case fact_name::http_status:
      return "http_status";
    case fact_name::page_bytes:
      return "page_bytes";
    case fact_name::resolve_nanoseconds:
      return "resolve_nanoseconds";
    case fact_name::connect_nanoseconds:
      return "connect_nanoseconds";
    case fact_name::tls_nanoseconds:
      return "tls_nanoseconds";
    case fact_name::first_byte_nanoseconds:
      return "first_byte_nanoseconds";
    case fact_name::redirects:
      return "redirects";
    case fact_name::certificate_expiry_seconds:
      return "certificate_expiry_seconds";
  }
  return "unknown";
}

}  // namespace changtong
