#include "collectors/net/web_client.h"

#include <fmt/format.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <unordered_map>

#include "collectors/net/clock.h"
#include "collectors/net/descriptor_watch.h"
#include "collectors/net/time_allowance.h"
#include "collectors/net/tls_rules.h"
#include "collectors/wire/reply_head.h"
#include "daemon/host/curl_handles.h"

namespace changtong::net {
namespace {

/** A transfer that its visitor forgot about ends all the same. */
constexpr long longest_transfer_ms = 120'000;
constexpr std::size_t most_held = std::size_t{256} << 20U;  ///< bytes of all pages that are being read …
constexpr std::size_t always_held = std::size_t{1} << 20U;  ///< … and of each in any case: no page takes another's room

std::string literal(const ip_address& a) { return a.v6 ? fmt::format("[{}]", to_string(a)) : to_string(a); }

/** What libcurl means by a code, in our words. `os_error`: errno of the socket, 0 if it has none. */
failure failure_of_code(CURLcode code, long os_error) {
  const bool network = os_error == ECONNRESET || os_error == EPIPE || os_error == ETIMEDOUT ||
                       os_error == EHOSTUNREACH || os_error == ENETUNREACH || os_error == ENOBUFS || os_error == ENOMEM;
  switch (code) {
    case CURLE_OK:
      return {outcome::good, cause::none};
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
      return {outcome::bad, cause::closed_early};
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_COULDNT_CONNECT:
      if (network) return failure_of(static_cast<int>(os_error), stage::network);
      return {outcome::bad, cause::protocol};
    case CURLE_SSL_CONNECT_ERROR:
      if (network) return failure_of(static_cast<int>(os_error), stage::network);
      return {outcome::bad, cause::tls_handshake};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return {outcome::bad, cause::tls_certificate};
    case CURLE_OPERATION_TIMEDOUT:
      return {outcome::bad, cause::timeout};
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_HTTP_RETURNED_ERROR:
    case CURLE_WRITE_ERROR:
    case CURLE_BAD_FUNCTION_ARGUMENT:  // a header or trailer that begins folded
    case CURLE_OUT_OF_MEMORY:          // a header line of more than 100 KiB
      return {outcome::bad, cause::protocol};
    default:
      return {};
  }
}

std::string words_of(wire::reply_head::fault wrong) {
  switch (wrong) {
    case wire::reply_head::fault::too_long:
      return "报头超过 96 KiB (header longer than 96 KiB)";
    case wire::reply_head::fault::endless_interim:
      return "1xx 应答过多 (too many interim answers)";
    case wire::reply_head::fault::lengths_differ:
      return "两个 Content-Length 不一致 (Content-Length headers differ)";
    case wire::reply_head::fault::locations_differ:
      return "两个 Location 不一致 (Location headers differ)";
    case wire::reply_head::fault::many_codings:
      return "压缩套了两层以上 (packed more than twice)";
    case wire::reply_head::fault::none:
      break;
  }
  return {};
}

}  // namespace

/** libcurl's loop, driven by ours. */
struct web_client::inside {
  inside(boost::asio::io_context& loop, std::function<nanoseconds()> spent)
      : io(loop), meter(std::move(spent)), clock(loop), watch(loop, [this](int fd, bool readable, bool writable) {
          act(fd, (readable ? CURL_CSELECT_IN : 0) | (writable ? CURL_CSELECT_OUT : 0));
        }) {
    static const CURLcode ready = ::curl_global_init(CURL_GLOBAL_ALL);
    multi = ready == CURLE_OK ? ::curl_multi_init() : nullptr;
    if (multi == nullptr) throw std::runtime_error("libcurl cannot be started");
    ::curl_multi_setopt(multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
    ::curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 1L);
    ::curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
    ::curl_multi_setopt(
        multi, CURLMOPT_SOCKETFUNCTION, +[](CURL*, curl_socket_t fd, int what, void* self, void*) {
          const bool gone = what == CURL_POLL_REMOVE;
          static_cast<inside*>(self)->watch.want(fd, !gone && (what & CURL_POLL_IN) != 0,
                                                 !gone && (what & CURL_POLL_OUT) != 0);
          return 0;
        });
    ::curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
    ::curl_multi_setopt(
        multi, CURLMOPT_TIMERFUNCTION, +[](CURLM*, long ms, void* self) {
          static_cast<inside*>(self)->call_in(ms);
          return 0;
        });
  }
  ~inside() { ::curl_multi_cleanup(multi); }

  void call_in(long ms) {
    clock.cancel();
    if (ms < 0) return;
    clock.expires_after(milliseconds{ms});
    clock.async_wait([this](const boost::system::error_code& error) {
      if (!error) act(CURL_SOCKET_TIMEOUT, 0);
    });
  }
  void act(curl_socket_t fd, int events) {
    int running = 0;
    const nanoseconds before = meter();
    ::curl_multi_socket_action(multi, fd, events, &running);
    if (charge(fd, meter() - before))  // nothing will ever be ready there again: libcurl is told now
      ::curl_multi_socket_action(multi, fd, CURL_CSELECT_IN | CURL_CSELECT_ERR, &running);
    int left = 0;
    while (const CURLMsg* m = ::curl_multi_info_read(multi, &left))
      if (m->msg == CURLMSG_DONE) ended(m->easy_handle, m->data.result);
  }
  void ended(CURL* easy, CURLcode code);
  /** True: its connection has just been cut off for it. */
  bool charge(int fd, nanoseconds spent);

  boost::asio::io_context& io;
  std::function<nanoseconds()> meter;  ///< the processor's time that this thread has used
  boost::asio::steady_timer clock;
  descriptor_watch watch;
  CURLM* multi = nullptr;
  std::unordered_map<int, session*> by_descriptor;
  std::size_t held = 0;  ///< bytes of pages, at most most_held
  trust trusted;
};

class web_client::session final : public web_session {
 public:
  explicit session(inside& in) : in_(in) {}
  ~session() override { leave(); }
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  void get(web_request what, owned_fd connection, std::function<void(web_reply)> tell) override {
    what_ = std::move(what);
    connection_ = std::move(connection);
    tell_ = std::move(tell);
    head_ = {};
    seen_ = {};
    reply_ = {};
    words_[0] = '\0';
    enough_ = too_large_ = no_room_ = costly_ = false;
    allowance_ = {};
    descriptor_ = seen_.descriptor = connection_.get();
    in_.by_descriptor[descriptor_] = this;
    if (what_.at.tls && what_.tls.verify) {
      const auto store = in_.trusted.store_for(what_.tls.ca_file);
      if (!store) return own_failure(to_string(store.error()));
      store_ = *store;
    }
    easy_.reset(::curl_easy_init());
    if (!easy_) throw std::bad_alloc();
    prepare();
    prepare_cookies();
    prepare_headers();
    if (what_.at.tls) prepare_tls();
    added_ = ::curl_multi_add_handle(in_.multi, easy_.get()) == CURLM_OK;
    if (!added_) own_failure("libcurl takes no more transfers");
  }

  bool charge(nanoseconds spent) {
    if (allowance_.spend(spent, reply_.bytes) || costly_) return false;
    cut_off(descriptor_);
    return costly_ = true;
  }

  /** The transfer is over. */
  void ended(CURLcode code) {
    judge(code);
    cookies_.reset(host::told<curl_slist*>(easy_.get(), CURLINFO_COOKIELIST));
    leave();
    if (const auto tell = std::exchange(tell_, nullptr)) tell(std::move(reply_));
  }

 private:
  void own_failure(std::string why) {
    reply_.why = {};
    reply_.detail = std::move(why);
    boost::asio::post(in_.io, [weak = std::weak_ptr(alive_), this] {
      if (weak.expired()) return;
      if (const auto tell = std::exchange(tell_, nullptr)) tell(std::move(reply_));
    });
  }

  void leave() {
    if (std::exchange(added_, false)) ::curl_multi_remove_handle(in_.multi, easy_.get());
    easy_.reset();
    in_.held -= std::exchange(held_, 0);
    const auto mine = in_.by_descriptor.find(std::exchange(descriptor_, -1));
    if (mine != in_.by_descriptor.end() && mine->second == this) in_.by_descriptor.erase(mine);
    connection_ = {};
  }

  template <class T>
  void set(CURLoption option, T value) {
    // What this build of libcurl does not know would be a mistake of ours, and the tests would show it.
    if (::curl_easy_setopt(easy_.get(), option, value) != CURLE_OK)
      throw std::runtime_error(fmt::format("libcurl refuses option {}", static_cast<int>(option)));
  }
  void prepare();
  void prepare_cookies();
  void prepare_headers();
  void prepare_tls();
  void judge(CURLcode code);
  /** The page was undone to its end, and only what stands behind it (a check sum, junk) is wrong. */
  [[nodiscard]] bool is_whole_for_a_browser(CURLcode code) const {
    if (reply_.bytes == 0 || head_.content_encoding().empty()) return false;
    const std::string_view words = words_.data();
    return code == CURLE_WRITE_ERROR ||
           (code == CURLE_BAD_CONTENT_ENCODING && (words.find("incorrect data check") != std::string_view::npos ||
                                                   words.find("incorrect length check") != std::string_view::npos));
  }
  void refuse(failure why, std::string detail) {
    reply_.why = why;
    reply_.detail = std::move(detail);
  }
  /** No exception may go through libcurl. */
  bool taken(bool (session::*how)(std::string_view), std::string_view bytes) noexcept {
    try {
      return (this->*how)(bytes);
    } catch (const std::bad_alloc&) {
      return !(no_room_ = true);
    }
  }
  bool header_line(std::string_view line);
  bool body_piece(std::string_view piece);

  inside& in_;
  /** A new one for each hop: libcurl 7.88 reads and writes freed memory where a handle is used again and the first
   * header of an answer is folded (its state.prevhead outlives the headers of the answer before). */
  std::unique_ptr<CURL, host::curl_end> easy_;
  web_request what_;
  owned_fd connection_;
  x509_store_st* store_ = nullptr;
  std::function<void(web_reply)> tell_;
  host::curl_list headers_, connect_to_, aliases_;
  host::curl_list cookies_;  ///< what the hops before have set, in Netscape's format
  std::array<char, CURL_ERROR_SIZE> words_{};
  wire::reply_head head_;
  seen_handshake seen_;
  web_reply reply_;
  bool added_ = false;                                         ///< libcurl has it
  bool enough_ = false, too_large_ = false, no_room_ = false;  ///< we have ended it ourselves
  bool costly_ = false;                                        ///< it was cut off
  int descriptor_ = -1;                                        ///< of the connection, libcurl's by now
  time_allowance allowance_;
  std::size_t held_ = 0;  ///< of in_.held
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

/** A site that costs too much of the thread that visits all of them is visited no further. */
bool web_client::inside::charge(int fd, nanoseconds spent) {
  const auto whose = by_descriptor.find(fd);
  return whose != by_descriptor.end() && whose->second->charge(spent);
}

void web_client::inside::ended(CURL* easy, CURLcode code) {
  static_cast<session*>(host::told<void*>(easy, CURLINFO_PRIVATE))->ended(code);
}

/** What is the same for every page, and what keeps libcurl from doing more than it is asked to. */
void web_client::session::prepare() {
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_ERRORBUFFER, words_.data());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_FRESH_CONNECT, 1L);
  set(CURLOPT_FORBID_REUSE, 1L);
  set(CURLOPT_DNS_CACHE_TIMEOUT, 0L);
  set(CURLOPT_TIMEOUT_MS, longest_transfer_ms);
  set(CURLOPT_PATH_AS_IS, 1L);
  // Not HTTP/2: libcurl reads its frames within one call as long as they come, and nobody could end that.
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_HTTP_CONTENT_DECODING, what_.decode ? 1L : 0L);
  set(CURLOPT_IGNORE_CONTENT_LENGTH, what_.believe_length ? 0L : 1L);
  set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate, br");
  set(CURLOPT_URL,
      fmt::format("{}://{}{}", what_.at.tls ? "https" : "http", wire::host_header(what_.at), what_.at.target).c_str());
  connect_to_.reset();
  append(connect_to_, fmt::format("::{}:{}", literal(what_.address), what_.at.port));
  set(CURLOPT_CONNECT_TO, connect_to_.get());
  set(CURLOPT_OPENSOCKETDATA, this);
  set(
      CURLOPT_OPENSOCKETFUNCTION, +[](void* self, curlsocktype, curl_sockaddr*) -> curl_socket_t {
        return static_cast<session*>(self)->connection_.release();  // -1 the second time: CURL_SOCKET_BAD
      });
  set(
      CURLOPT_SOCKOPTFUNCTION,
      +[](void*, curl_socket_t, curlsocktype) -> int { return CURL_SOCKOPT_ALREADY_CONNECTED; });
  set(CURLOPT_HEADERDATA, this);
  set(
      CURLOPT_HEADERFUNCTION, +[](char* bytes, std::size_t, std::size_t size, void* self) -> std::size_t {
        return static_cast<session*>(self)->taken(&session::header_line, {bytes, size}) ? size : 0;
      });
  set(CURLOPT_WRITEDATA, this);
  set(
      CURLOPT_WRITEFUNCTION, +[](char* bytes, std::size_t, std::size_t size, void* self) -> std::size_t {
        return static_cast<session*>(self)->taken(&session::body_piece, {bytes, size}) ? size : 0;
      });
}

void web_client::session::prepare_cookies() {
  set(CURLOPT_COOKIEFILE, "");  // begins to keep them, in memory
  for (const curl_slist* one = cookies_.get(); one != nullptr; one = one->next) set(CURLOPT_COOKIELIST, one->data);
}

void web_client::session::prepare_headers() {
  headers_.reset();
  append(headers_, "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8");
  append(headers_, "Accept-Language: zh-CN,zh;q=0.9,en;q=0.8");
  for (const std::string& own : what_.headers) append(headers_, own);
  set(CURLOPT_HTTPHEADER, headers_.get());
  set(CURLOPT_USERAGENT, what_.user_agent.c_str());
  aliases_.reset();
  append(aliases_, "ICY 200");
  set(CURLOPT_HTTP200ALIASES, aliases_.get());
}

/** Whom to believe and how much it may cost is set on OpenSSL's context: libcurl would read a file for each visit. */
void web_client::session::prepare_tls() {
  set(CURLOPT_CAINFO, static_cast<char*>(nullptr));
  set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
  set(CURLOPT_SSL_VERIFYPEER, what_.tls.verify ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYHOST, 0L);  // is part of verifying the chain
  set(CURLOPT_SSL_SESSIONID_CACHE, 0L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_0));  // apply_tls_rules() says more
  set(CURLOPT_SSL_CTX_DATA, this);
  set(
      CURLOPT_SSL_CTX_FUNCTION, +[](CURL*, void* context, void* mine) -> CURLcode {
        auto* self = static_cast<session*>(mine);
        const bool fine = apply_tls_rules(static_cast<ssl_ctx_st*>(context), self->what_.tls, self->store_,
                                          self->what_.at.host, self->seen_);
        return fine ? CURLE_OK : CURLE_FAILED_INIT;
      });
}

bool web_client::session::header_line(std::string_view line) {
  head_.line(line);
  if (head_.trailing()) return head_.wrong() == wire::reply_head::fault::none;
  if (head_.wrong() != wire::reply_head::fault::none) return false;
  if (!head_.whole()) return true;
  reply_.header_at = mono_now();
  reply_.redirects = what_.stop_at_redirect && wire::is_redirect(head_.status()) && !head_.location().empty();
  return !(enough_ = reply_.redirects);
}

bool web_client::session::body_piece(std::string_view piece) {
  reply_.bytes += piece.size();
  if (reply_.bytes > what_.limit) return !(too_large_ = true);
  piece = piece.substr(0, what_.keep - std::min(reply_.body.size(), what_.keep));
  if (held_ + piece.size() > always_held && in_.held + piece.size() > most_held) return !(no_room_ = true);
  in_.held += piece.size();
  held_ += piece.size();
  reply_.body += piece;
  return true;
}

void web_client::session::judge(CURLcode code) {
  reply_.status = head_.whole() ? head_.status() : 0;
  reply_.location = head_.location();
  reply_.content_type = head_.content_type();
  reply_.refresh = head_.refresh();
  reply_.http = head_.http();
  reply_.earliest_expiry = seen_.earliest_expiry;
  reply_.tls = seen_.version;
  if (what_.at.tls && head_.whole()) {
    const auto connected = host::told<curl_off_t>(easy_.get(), CURLINFO_CONNECT_TIME_T);
    const auto spoken = host::told<curl_off_t>(easy_.get(), CURLINFO_APPCONNECT_TIME_T);
    reply_.handshake = std::chrono::microseconds{std::max<curl_off_t>(spoken - connected, 1)};
  }
  if (enough_ || code == CURLE_OK) return;
  if (costly_ || seen_.messages > most_handshake_messages)
    return refuse({outcome::bad, cause::protocol}, "读取它耗用的处理时间过多，已放弃 (it costs too much to read)");
  if (no_room_)
    return refuse({outcome::not_measured, cause::own_buffers},
                  "内存不足以同时读完各网站的页面 (no room for the pages of all sites)");
  if (too_large_) return refuse({outcome::bad, cause::http_too_large}, {});
  if (const auto wrong = head_.wrong(); wrong != wire::reply_head::fault::none)
    return refuse(
        {outcome::bad, wrong == wire::reply_head::fault::locations_differ ? cause::http_redirects : cause::protocol},
        words_of(wrong));
  if (seen_.error != X509_V_OK && what_.tls.verify) {
    reply_.not_yet_valid = seen_.error == X509_V_ERR_CERT_NOT_YET_VALID;
    return refuse({outcome::bad, cause::tls_certificate}, describe_verification(seen_.error));
  }
  if (is_whole_for_a_browser(code)) return;
  reply_.unknown_coding = code == CURLE_BAD_CONTENT_ENCODING && !wire::known_codings(head_.content_encoding());
  reply_.no_length = code == CURLE_WEIRD_SERVER_REPLY &&
                     std::string_view(words_.data()).find("Content-Length") != std::string_view::npos;
  if (code == CURLE_BAD_FUNCTION_ARGUMENT)
    return refuse({outcome::bad, cause::protocol}, "报头或尾部的首行以空白开头 (a header that begins folded)");
  if (code == CURLE_OUT_OF_MEMORY)
    return refuse({outcome::bad, cause::protocol}, "报头的一行过长 (a header line that is too long)");
  const char* words = words_[0] != '\0' ? words_.data() : ::curl_easy_strerror(code);
  const failure why = failure_of_code(code, host::told<long>(easy_.get(), CURLINFO_OS_ERRNO));
  refuse(why, why.what == outcome::bad ? words : fmt::format("{} (libcurl {})", words, static_cast<int>(code)));
}

web_client::web_client(boost::asio::io_context& io, std::function<nanoseconds()> spent)
    : in_(std::make_unique<inside>(io, std::move(spent))) {}
web_client::~web_client() = default;
std::unique_ptr<web_session> web_client::open() { return std::make_unique<session>(*in_); }

}  // namespace changtong::net
