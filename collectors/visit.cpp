#include "collectors/visit.h"

#include <fmt/format.h>

#include <algorithm>

#include "collectors/net/clock.h"
#include "collectors/net/own_address.h"
#include "collectors/wire/page_text.h"
#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"

namespace changtong {
namespace {

constexpr std::size_t for_a_refresh = 64U << 10U;  ///< bytes of a page that are kept though no text is looked for

/** http://site -> https://site: the same door, as every browser is sent through it. */
bool same_door(const wire::web_address& a, const wire::web_address& b) {
  const auto own_port = [](const wire::web_address& x) { return x.port == (x.tls ? 443 : 80); };
  return a.host == b.host && own_port(a) && own_port(b);
}

std::string_view name_of_http(std::uint8_t version) { return version == 11 ? "HTTP/1.1" : "HTTP/1.0"; }

/** Without its query, which may be long and nobody else's business. */
std::string shown(const wire::web_address& a) {
  constexpr std::size_t most = 200;
  const std::string_view path = std::string_view(a.target).substr(0, a.target.find('?'));
  return fmt::format("{}://{}{}", a.tls ? "https" : "http", wire::host_header(a), shortened(path, most));
}

bool may_be_empty(unsigned status) { return status == 204 || status == 205; }

}  // namespace

visit::visit(const visit_means& means, std::shared_ptr<const http_settings> what, families over, mono_t began,
             milliseconds patience, std::function<void(visited)> done)
    : means_(means),
      what_(std::move(what)),
      over_(over),
      began_(began),
      patience_(patience),
      done_(std::move(done)),
      here_(what_->at) {}

void visit::start() { hop(); }

void visit::cancel() {
  done_ = nullptr;
  if (names_) names_->cancel();
  names_.reset();
  if (race_) race_->cancel();
  session_.reset();
}

/** The last hop's figure counts: a name noted again replaces the earlier value. */
void visit::note(fact_name name, std::int64_t value) {
  const auto known = std::ranges::find(facts_, name, &fact::name);
  if (known != facts_.end())
    known->value = value;
  else
    facts_.push_back({name, 0, value});
}

void visit::finish(ending end) {
  const auto done = std::exchange(done_, nullptr);
  if (!done) return;
  const nanoseconds took = net::mono_now() - began_;
  note(fact_name::redirects, followed_);
  names_.reset();
  race_.reset();
  session_.reset();
  done({end.what, end.why, took, std::move(facts_), std::move(end.detail)});
}

// -- a hop: name, connection, answer ---------------------------------------------------------------------------------

void visit::hop() {
  all_tried_ = false;
  if (const auto literal = parse_address(here_.host)) {
    all_tried_ = true;
    if (over_ != families::either && literal->v6 != (over_ == families::v6))
      return finish(ending::bad(cause::name_not_found, "地址不属于所要求的协议族 (an address of the other family)"));
    return connect({*literal});
  }
  asked_name_ = net::mono_now();
  if (!source_) source_ = means_.names(what_->name_servers);
  names_ = std::make_shared<lookup>(means_.io, *source_, here_.host, over_, patience_, suspect_);
  names_->start(resolved_ ? cause::name_not_found : cause::own_resolver,
                [self = shared_from_this()](found_addresses found) { self->looked_up(std::move(found)); });
}

void visit::looked_up(found_addresses found) {
  suspect_->store(cause::timeout);
  if (!done_) return;
  if (followed_ == 0) note(fact_name::resolve_nanoseconds, (net::mono_now() - asked_name_).count());
  if (found.addresses.empty()) return finish(std::move(found.failed));
  resolved_ = true;
  connect(std::move(found.addresses));
}

/** A page of somebody else must not make us knock at this machine's own doors. */
bool visit::may_go_to(const ip_address& a) const {
  return followed_ == 0 || what_->local_redirects || wire::same_origin(what_->at, here_) ||
         same_door(what_->at, here_) || !net::is_here(a);
}

void visit::connect(std::vector<ip_address> addresses) {
  std::erase_if(addresses, [this](const ip_address& a) { return !may_go_to(a); });
  if (addresses.empty())
    return finish(ending::bad(cause::http_redirects,
                              fmt::format("重定向到本机或回环地址 {}，未允许 (local_redirects: allow)", here_.host)));
  if (first_connect_ == mono_t{}) first_connect_ = net::mono_now();
  race_ = std::make_shared<net::race>(means_.io, means_.calls, std::move(addresses), here_.port, patience_);
  race_->start([self = shared_from_this()](net::race_result r) { self->connected(std::move(r)); });
}

void visit::connected(net::race_result r) {
  if (!done_) return;
  address_ = r.address;
  if (!r.winner && names_ && !std::exchange(all_tried_, true)) {
    // The family that was not waited for may have an address yet.
    suspect_->store(r.why.why);
    return names_->rest([self = shared_from_this(), why = r.why](found_addresses found) {
      self->suspect_->store(cause::timeout);
      if (!self->done_) return;
      if (found.addresses.empty()) return self->finish(ending::of(why, to_string(self->address_)));
      self->connect(std::move(found.addresses));
    });
  }
  // Where a page sends us is the site's affair: an address that nobody here has a route to, too.
  if (!r.winner && followed_ > 0 && r.why.why == cause::own_route)
    return finish(
        ending::bad(cause::http_redirects, fmt::format("重定向到无法到达的地址 {} (no route)", to_string(r.address))));
  if (!r.winner) return finish(ending::of(r.why, to_string(r.address)));
  note(fact_name::connect_nanoseconds, r.took.count());
  note(fact_name::address_family, r.address.v6 ? 6 : 4);
  if (!session_) session_ = means_.web.open();
  const bool texts = !what_->contains.empty() || !what_->forbids.empty();
  session_->get({.at = here_,
                 .address = r.address,
                 .tls = what_->tls,
                 .user_agent = what_->user_agent,
                 .headers = wire::same_origin(what_->at, here_) ? what_->headers : std::vector<std::string>{},
                 .limit = what_->limit,
                 .keep = texts ? what_->limit : for_a_refresh,
                 .stop_at_redirect = what_->redirects > 0,
                 .decode = !undecoded_,
                 .believe_length = !unsized_},
                std::move(r.winner),
                [self = shared_from_this()](net::web_reply reply) { self->replied(std::move(reply)); });
}

void visit::replied(net::web_reply r) {
  if (!done_) return;
  note_reply(r);
  // As a browser would: a coding or a length that means nothing is left aside.
  if (r.unknown_coding && !std::exchange(undecoded_, true)) return hop();
  if (r.no_length && !std::exchange(unsized_, true)) return hop();
  if (r.not_yet_valid && means_.clock() == clock_trust::unsynchronised)
    return finish(ending::own(cause::own_failure,
                              "证书“尚未生效”，但本机时钟未同步，不能判断 "
                              "(not yet valid, but our own clock is not synchronised)"));
  if (r.why.what != outcome::good) {
    if (r.why.why == cause::own_failure) log::warn("site {}: {}", here_.host, r.detail);
    return finish(ending::of(r.why, std::move(r.detail)));
  }
  ending end = r.redirects ? follow(r) : judge(r);
  if (end.reached) return finish(std::move(end));
  undecoded_ = unsized_ = false;
  hop();
}

void visit::note_reply(const net::web_reply& r) {
  if (r.handshake.count() > 0) note(fact_name::tls_nanoseconds, r.handshake.count());
  if (r.status != 0) {
    note(fact_name::http_status, r.status);
    note(fact_name::http_version, r.http);
    note(fact_name::first_byte_nanoseconds, (r.header_at - first_connect_).count());
  }
  if (r.tls != 0) note(fact_name::tls_version, r.tls);
  if (r.earliest_expiry == 0) return;
  const auto known = std::ranges::find(facts_, fact_name::certificate_expiry_seconds, &fact::name);
  note(fact_name::certificate_expiry_seconds,
       known == facts_.end() ? r.earliest_expiry : std::min(known->value, r.earliest_expiry));
}

// -- what an answer means --------------------------------------------------------------------------------------------

ending visit::follow(const net::web_reply& r) {
  if (followed_ >= what_->redirects)
    return ending::bad(cause::http_redirects,
                       fmt::format("重定向超过 {} 次 (more than {} redirects)", followed_, followed_));
  auto next = wire::next_hop(here_, r.location, what_->downgrade_allowed);
  if (!next) return ending::bad(cause::http_redirects, to_string(words_of(next.error())));
  here_ = std::move(*next);
  ++followed_;
  return ending::go_on();
}

/** The answer sends its reader on by itself: then where it leads is what is judged. */
bool visit::sent_on(const std::optional<std::string>& target) {
  if (!target || followed_ >= what_->redirects) return false;
  auto next = wire::next_hop(here_, *target, what_->downgrade_allowed);
  if (!next || *next == here_) return false;
  here_ = std::move(*next);
  ++followed_;
  return true;
}

ending visit::judge(const net::web_reply& r) {
  note(fact_name::page_bytes, static_cast<std::int64_t>(r.bytes));
  if (!what_->status.holds(r.status))
    return ending::bad(cause::http_status, fmt::format("HTTP 状态码 {} (status {})", r.status, r.status));
  if (sent_on(wire::refresh_in(r.refresh))) return ending::go_on();
  if (r.bytes == 0 && !what_->empty_allowed && !may_be_empty(r.status)) return ending::bad(cause::http_empty);
  const std::string text = wire::page_text(r.body, r.content_type);
  const bool html = r.content_type.empty() || r.content_type.find("html") != std::string::npos;
  if (html && sent_on(wire::refresh_target(text))) return ending::go_on();
  if (ending wrong = judge_texts(text); wrong.reached) return wrong;
  const std::string tls = r.tls == 0 ? "" : fmt::format("，TLS 1.{}", r.tls - 10);
  const std::string last = followed_ == 0 ? "" : fmt::format("，最终网址 {} (opened last)", shown(here_));
  return {true, outcome::good, cause::none,
          fmt::format("{}，{}{}{}", to_string(address_), name_of_http(r.http), tls, last)};
}

ending visit::judge_texts(const std::string& text) const {
  std::string plain;  // made when it is needed: few pages write Chinese as &#…;
  const auto says = [&](const std::string& wanted) {
    if (text.find(wanted) != std::string::npos) return true;
    if (plain.empty()) plain = wire::without_references(text);
    return plain.find(wanted) != std::string::npos;
  };
  for (const std::string& wanted : what_->contains)
    if (!says(wanted)) return ending::bad(cause::http_text, fmt::format("缺少文字“{}” (text missing)", wanted));
  for (const std::string& unwanted : what_->forbids)
    if (says(unwanted))
      return ending::bad(cause::http_text, fmt::format("出现禁止文字“{}” (forbidden text)", unwanted));
  return ending::go_on();
}

}  // namespace changtong
