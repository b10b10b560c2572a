#include "collectors/net/failure.h"

#include <cerrno>

namespace changtong::net {
namespace {

cause own_cause(int error) {
  switch (error) {
    case EPERM:
    case EACCES:
      return cause::own_permission;
    case EMFILE:
    case ENFILE:
      return cause::own_descriptors;
    case ENOBUFS:
    case ENOMEM:
    case EAGAIN:
      return cause::own_buffers;
    case EADDRNOTAVAIL:
      return cause::own_address;
    case ENETUNREACH:
      return cause::own_route;
    case ENETDOWN:
      return cause::own_interface;
    default:
      return cause::own_failure;
  }
}

/** What the other side or the way there can be blamed for; none otherwise. */
cause their_cause(int error, stage where) {
  switch (error) {
    case EHOSTUNREACH:
    case EHOSTDOWN:
      return cause::host_unreachable;
    case ECONNREFUSED:
      return cause::refused;
    case ECONNRESET:
    case EPIPE:
      return cause::reset;
    case ECONNABORTED:
      return cause::closed_early;
    case ETIMEDOUT:
      return cause::timeout;
    // ICMPv6 "administratively prohibited" comes back as EACCES; at the call the same errno is our own permission.
    case EACCES:
      return where == stage::network ? cause::admin_prohibited : cause::none;
    case ENOPROTOOPT:
      return where == stage::network ? cause::host_unreachable : cause::none;
    case ENETUNREACH:
      return where == stage::network ? cause::net_unreachable_remote : cause::none;
    default:
      return cause::none;
  }
}

}  // namespace

failure failure_of(int error, stage where) {
  const cause theirs = their_cause(error, where);
  if (theirs != cause::none) return {outcome::bad, theirs};
  return {outcome::not_measured, own_cause(error)};
}

}  // namespace changtong::net
