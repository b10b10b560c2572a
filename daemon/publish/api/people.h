#pragma once
/** Who sent a request: the person whose bearer token it carries, or who signed in, and whether they may do what they
 * ask. */
#include <optional>
#include <string>
#include <string_view>

#include "daemon/accounts/entrance.h"
#include "daemon/core/command.h"
#include "daemon/publish/api/context.h"

namespace changtong::api {

struct permission {
  std::string name;                     ///< of the author
  std::string via;                      ///< as author::via: whose token, from which address
  std::optional<web_response> refusal;  ///< 401 without a known token, 403 without the right or where nobody has one
};
/** Compares with every token there is, so that time does not tell which one was nearly right. The token that is
 * nobody's acts as "api" and may only reload and request: who approves has a name. */
/* Of a GET the session's X-CSRF-Token is not asked for: it changes nothing. */
[[nodiscard]] permission permitted(const context& from, const web_request& request, right what);

/** Reading: by a session, a person's token or a read token; by anybody, who has no name then, where there are no users.
 */
[[nodiscard]] permission may_read(const context& from, const web_request& request);

/** Who signed in, or whom a trusted proxy names; nobody where there are no users. Whom it names in vain has no cookie
 * either. What a page asks by itself (X-Changtong-Poll: 1) keeps no session
 * alive. */
[[nodiscard]] std::optional<accounts::visitor> signed_in(const context& from, const web_request& request);
/** Whether a trusted proxy may say who somebody is: then everybody needs to be somebody. */
[[nodiscard]] bool names_users(const context& from);
/** A proxy on this machine says whether TLS is before it; whoever forges that harms their own cookie alone. */
[[nodiscard]] bool over_tls(const context& from, const web_request& request);
/** What a browser holds under cookie_name(tls); empty: nothing. */
[[nodiscard]] std::string_view session_cookie(const web_request& request, bool tls);
/** Over TLS a name that browsers take from this host alone, over TLS alone: no neighbour in the domain, and nobody in
 * between, plants a session. */
[[nodiscard]] constexpr std::string_view cookie_name(bool tls) {
  return tls ? "__Host-changtong_session" : "changtong_session";
}
/** Whether it repeats what its session was given: no other site can. */
[[nodiscard]] bool repeats_csrf(const web_request& request, const accounts::visitor& who);
/** 403: the page is another site's, or of an older session. */
[[nodiscard]] web_response no_csrf();
/** 401: nobody signed in; 503 where the file of users cannot be read, so that nobody can say. */
[[nodiscard]] web_response not_signed_in(const context& from);

/** 503: this daemon has nobody to carry commands out. */
[[nodiscard]] web_response cannot_enter();

/** Time depends on `given`'s length alone. An empty `expected` equals nothing. */
[[nodiscard]] bool same_secret(std::string_view given, const secret& expected);

}  // namespace changtong::api
