#include "daemon/host/post.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <filesystem>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <new>
#include <optional>

#include "changtong_version.h"
#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
#include "daemon/core/url.h"
#include "daemon/host/address_line.h"
#include "daemon/host/curl_handles.h"
#include "daemon/host/open_sockets.h"

namespace changtong::host {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t most_header = 64 << 10;  ///< bytes of an HTTP answer's, all of them
constexpr std::size_t most_replies = 1024;     ///< bytes kept of what a mail server says
constexpr milliseconds look_about{1000};       ///< so often libcurl asks whether it shall go on

problem stopped() { return said({"程序正在停止", "the program is stopping"}); }

/** One message on its way. */
class transfer {
 public:
  transfer(const post_request& r, const std::stop_token& stop);
  result<post_answer> go();

 private:
  std::optional<problem> prepare(const http_post& p);
  std::optional<problem> prepare(const mail_post& p);
  std::optional<problem> prepare(const syslog_post& p);
  void prepare_all();
  template <class T>
  void set(CURLoption what, T value) {
    ::curl_easy_setopt(easy_.get(), what, value);
  }

  CURLcode carry();
  bool wait(short events, clock::time_point until);
  result<post_answer> answer_to(const http_post& p, CURLcode ended);
  result<post_answer> answer_to(const mail_post& p, CURLcode ended);
  result<post_answer> answer_to(const syslog_post& p, CURLcode ended);
  CURLcode send_line(std::string_view rest);
  CURLcode look_after_it();
  [[nodiscard]] problem problem_of(CURLcode code) const;
  [[nodiscard]] bool late() const { return stop_.stop_requested() || clock::now() >= deadline_; }

  std::size_t take_header(std::string_view line);
  std::size_t take_body(std::string_view bytes);
  std::size_t give(char* into, std::size_t room);

  const post_request& request_;
  const std::stop_token& stop_;
  clock::time_point deadline_;
  open_sockets sockets_;
  curl_list headers_, receivers_, addresses_;
  std::string url_;
  bool datagrams_ = false, stream_ = false;  ///< syslog: not TCP; TCP in the clear

  std::string body_, reply_, refusals_;
  std::size_t header_bytes_ = 0, given_ = 0;
  bool enough_ = false;            ///< the status was wanted alone, and is here
  bool too_much_ = false;          ///< the answer is longer than it may be
  bool all_given_ = false;         ///< of a mail
  std::optional<unsigned> ended_;  ///< what the mail server said to all of it
  std::array<char, CURL_ERROR_SIZE> words_{};

  std::unique_ptr<CURLM, curl_multi_end> multi_;  ///< goes after the handle that is in it
  std::unique_ptr<CURL, curl_end> easy_;
};

transfer::transfer(const post_request& r, const std::stop_token& stop)
    : request_(r), stop_(stop), deadline_(clock::now() + r.patience) {
  static const CURLcode ready = ::curl_global_init(CURL_GLOBAL_DEFAULT);
  multi_.reset(ready == CURLE_OK ? ::curl_multi_init() : nullptr);
  easy_.reset(::curl_easy_init());
  if (multi_ == nullptr || easy_ == nullptr) throw std::bad_alloc();
}

void transfer::prepare_all() {
  set(CURLOPT_URL, url_.c_str());
  set(CURLOPT_ERRORBUFFER, words_.data());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // a name that is still being looked up is not waited for
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max(request_.patience, milliseconds{1}).count()));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::max(request_.patience, milliseconds{1}).count()));
  set(CURLOPT_FRESH_CONNECT, 1L);
  set(CURLOPT_FORBID_REUSE, std::holds_alternative<syslog_post>(request_.what) ? 0L : 1L);  // it would close it unused
  set(CURLOPT_PROXY, request_.proxy.c_str());  // the empty one: not even that of the environment
  set(CURLOPT_NOPROXY, "");
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (!request_.ca_file.empty()) {  // its kind was looked at: a pipe would hold the thread for ever
    set(CURLOPT_CAINFO, request_.ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
  }
  if (!request_.certificate_file.empty()) {
    set(CURLOPT_SSLCERT, request_.certificate_file.c_str());
    set(CURLOPT_SSLKEY, request_.key_file.c_str());
    set(CURLOPT_KEYPASSWD, "");  // it would be asked for on the terminal
  }
  set(CURLOPT_FOLLOWLOCATION, 0L);

  set(CURLOPT_OPENSOCKETDATA, this);
  set(
      CURLOPT_OPENSOCKETFUNCTION, +[](void* mine, curlsocktype, curl_sockaddr* to) {
        auto* t = static_cast<transfer*>(mine);
        return t->datagrams_ ? t->sockets_.open(to->family, SOCK_DGRAM, 0)
                             : t->sockets_.open(to->family, to->socktype, to->protocol);
      });
  set(CURLOPT_CLOSESOCKETDATA, &sockets_);
  set(
      CURLOPT_CLOSESOCKETFUNCTION,
      +[](void* all, curl_socket_t s) { return static_cast<open_sockets*>(all)->close(s); });
  set(CURLOPT_HEADERDATA, this);
  set(
      CURLOPT_HEADERFUNCTION, +[](char* bytes, std::size_t, std::size_t size, void* mine) {
        return static_cast<transfer*>(mine)->take_header({bytes, size});
      });
  set(CURLOPT_WRITEDATA, this);
  set(
      CURLOPT_WRITEFUNCTION, +[](char* bytes, std::size_t, std::size_t size, void* mine) {
        return static_cast<transfer*>(mine)->take_body({bytes, size});
      });
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFODATA, this);
  set(
      CURLOPT_XFERINFOFUNCTION, +[](void* mine, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        const auto* t = static_cast<const transfer*>(mine);
        return t->late() || t->ended_ ? 1 : 0;  // a mail that was taken waits for no farewell
      });
}

std::optional<problem> transfer::prepare(const http_post& p) {
  const auto unfit = [](std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos;
  };
  for (const auto& [name, value] : p.headers) {
    if (name.empty() || unfit(name) || name.find_first_of(": ;") != name.npos || unfit(value.reveal()))
      return said(
          both("请求头 {} 的写法有误", "the header {} is malformed", name.substr(0, name.find_first_of("\r\n"))));
    append(headers_, value.empty() ? name + ";" : name + ": " + value.reveal());  // libcurl's word for an empty one
  }
  if (unfit(p.content_type)) return said({"Content-Type 的写法有误", "the content type is malformed"});
  if (!p.asks) append(headers_, "Content-Type: " + p.content_type);
  append(headers_, "Expect:");
  url_ = p.url.reveal();
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_USERAGENT, "changtong/" CHANGTONG_VERSION);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_HTTPHEADER, headers_.get());
  if (p.asks) {
    set(CURLOPT_HTTPGET, 1L);
    return std::nullopt;
  }
  set(CURLOPT_POST, 1L);
  set(CURLOPT_POSTFIELDS, p.body.data());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(p.body.size()));
  return std::nullopt;
}

std::optional<problem> transfer::prepare(const mail_post& p) {
  const auto unfit = [](const std::string& address) {
    return address.empty() || std::ranges::any_of(address, [](unsigned char c) {
             return c <= ' ' || c == 0x7F || c == '<' || c == '>' || c == ',';
           });
  };
  if (unfit(p.from)) return said({"发件人地址的写法有误", "the sender's address is malformed"});
  if (p.to.empty()) return said({"没有收件人", "there is no receiver"});
  for (const std::string& to : p.to) {
    if (unfit(to)) return said({"收件人地址的写法有误", "a receiver's address is malformed"});
    append(receivers_, "<" + to + ">");
  }
  url_ = p.url.reveal();
  set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(CURLOPT_USE_SSL, static_cast<long>(p.insecure ? CURLUSESSL_TRY : CURLUSESSL_ALL));
  if (!p.user.empty()) {
    set(CURLOPT_USERNAME, p.user.c_str());
    set(CURLOPT_PASSWORD, p.password.reveal().c_str());
  }
  set(CURLOPT_HTTPPROXYTUNNEL, 1L);
  set(CURLOPT_MAIL_FROM, ("<" + p.from + ">").c_str());
  set(CURLOPT_MAIL_RCPT, receivers_.get());
  set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_READDATA, this);
  set(
      CURLOPT_READFUNCTION, +[](char* into, std::size_t, std::size_t room, void* mine) {
        return static_cast<transfer*>(mine)->give(into, room);
      });
  return std::nullopt;
}

std::optional<problem> transfer::prepare(const syslog_post& p) {
  const auto to = url_origin_of(p.url.reveal());
  const bool tls = to && to->scheme == "tls";
  datagrams_ = to && to->scheme == "udp";
  stream_ = to && to->scheme == "tcp";
  if (!to || to->user || to->host.empty() || !(tls || datagrams_ || stream_) || (!to->rest.empty() && to->rest != "/"))
    return said(
        {"syslog 的地址须为 udp://、tcp:// 或 tls://主机:端口", "write udp://, tcp:// or tls://HOST:PORT for syslog"});
  if (datagrams_ && !request_.proxy.empty()) return said({"UDP 不能经代理发出", "UDP goes through no proxy"});
  const std::string host = to->literal ? "[" + to->host + "]" : to->host;
  const std::string port = to->port.value_or(tls ? "6514" : datagrams_ ? "514" : "601");
  // libcurl makes the connection, as it would for a web server, and leaves it to us.
  url_ = fmt::format("{}://{}:{}", tls ? "https" : "http", host, port);
  set(CURLOPT_CONNECT_ONLY, 1L);
  set(CURLOPT_HTTPPROXYTUNNEL, 1L);
  set(CURLOPT_SSL_ENABLE_ALPN, 0L);
  return std::nullopt;
}

std::size_t transfer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > most_header) {
    too_much_ = true;
    return 0;
  }
  if (std::holds_alternative<http_post>(request_.what)) {
    const bool last = line == "\r\n" || line == "\n";
    enough_ = request_.most_body == 0 && last && told<long>(easy_.get(), CURLINFO_RESPONSE_CODE) >= 200;
    return enough_ ? 0 : line.size();
  }
  if (ended_) return line.size();  // what it says to our farewell
  // Of a mail server: 250-first, 250 last.
  reply_ = line.substr(0, std::min(line.find_last_not_of("\r\n") + 1, most_replies));
  const bool code = reply_.size() >= 3 &&
                    std::ranges::all_of(reply_.substr(0, 3), [](unsigned char c) { return std::isdigit(c) != 0; });
  if (!code) return line.size();
  if (reply_[0] >= '4' && refusals_.size() + reply_.size() < most_replies) refusals_ += "\n" + reply_;
  if (all_given_ && (reply_.size() == 3 || reply_[3] == ' '))
    ended_ = static_cast<unsigned>((reply_[0] - '0') * 100 + (reply_[1] - '0') * 10 + (reply_[2] - '0'));
  return line.size();
}

std::size_t transfer::take_body(std::string_view bytes) {
  if (body_.size() + bytes.size() > request_.most_body) {
    too_much_ = true;
    return 0;
  }
  body_ += bytes;
  return bytes.size();
}

std::size_t transfer::give(char* into, std::size_t room) {
  const std::string& all = std::get<mail_post>(request_.what).body;
  const std::size_t size = all.copy(into, room, given_);
  given_ += size;
  if (size == 0) all_given_ = true;
  return size;
}

CURLcode transfer::carry() {
  for (;;) {
    int running = 0, left = 0;
    if (::curl_multi_perform(multi_.get(), &running) != CURLM_OK) return CURLE_OUT_OF_MEMORY;
    while (const CURLMsg* told = ::curl_multi_info_read(multi_.get(), &left))
      if (told->msg == CURLMSG_DONE) return told->data.result;
    if (late()) return CURLE_OPERATION_TIMEDOUT;
    ::curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(look_about.count()), nullptr);
  }
}

/** False: not before `until`, or we are told to stop. */
bool transfer::wait(short events, clock::time_point until) {
  const auto socket = told<curl_socket_t>(easy_.get(), CURLINFO_ACTIVESOCKET);
  while (!stop_.stop_requested()) {
    const auto left = std::chrono::ceil<milliseconds>(until - clock::now());
    if (left <= milliseconds{0}) return false;
    curl_waitfd one{socket, events, 0};
    ::curl_multi_poll(multi_.get(), &one, 1, static_cast<int>(std::min(left, look_about).count()), nullptr);
    if (one.revents != 0) return true;
  }
  return false;
}

CURLcode transfer::send_line(std::string_view rest) {
  while (!rest.empty()) {
    std::size_t sent = 0;
    const CURLcode code = ::curl_easy_send(easy_.get(), rest.data(), rest.size(), &sent);
    if (code == CURLE_OK)
      rest.remove_prefix(sent);
    else if (code != CURLE_AGAIN)
      return code;
    else if (!wait(CURL_WAIT_POLLOUT, deadline_))
      return CURLE_OPERATION_TIMEDOUT;
  }
  return CURLE_OK;
}

/** Nobody confirms a line, but a host where nobody listens, and a peer that closes with the line unread, say so. A peer
 * that has read all of it closes as well, once we have; where it does not, it is not waited for. */
CURLcode transfer::look_after_it() {
  if (stream_) ::shutdown(told<curl_socket_t>(easy_.get(), CURLINFO_ACTIVESOCKET), SHUT_WR);
  const auto patience = std::min(deadline_, clock::now() + (stream_ ? milliseconds{1000} : milliseconds{150}));
  while (wait(CURL_WAIT_POLLIN, patience)) {
    std::array<char, 256> ignored{};
    std::size_t size = 0;
    const CURLcode code = ::curl_easy_recv(easy_.get(), ignored.data(), ignored.size(), &size);
    if (code != CURLE_OK && code != CURLE_AGAIN) return code;
    if (code == CURLE_OK && size == 0) break;
  }
  return CURLE_OK;
}

result<post_answer> transfer::answer_to(const http_post&, CURLcode ended) {
  if (too_much_) return said({"应答过长", "the answer is too long"});
  if (ended != CURLE_OK && !enough_) return problem_of(ended);
  return post_answer{.status = static_cast<unsigned>(told<long>(easy_.get(), CURLINFO_RESPONSE_CODE)),
                     .body = std::move(body_)};
}

result<post_answer> transfer::answer_to(const mail_post&, CURLcode ended) {
  const long code = told<long>(easy_.get(), CURLINFO_RESPONSE_CODE);
  if (ended_) return post_answer{.status = *ended_, .body = reply_ + (*ended_ < 400 ? refusals_ : "")};
  const bool its_word = ended == CURLE_LOGIN_DENIED || ended == CURLE_SEND_ERROR || ended == CURLE_RECV_ERROR ||
                        ended == CURLE_WEIRD_SERVER_REPLY || ended == CURLE_REMOTE_ACCESS_DENIED;
  if (its_word && code >= 400 && !refusals_.empty() && !stop_.stop_requested())
    return post_answer{.status = static_cast<unsigned>(code), .body = refusals_.substr(refusals_.rfind('\n') + 1)};
  if (too_much_) return said({"应答过长", "the answer is too long"});
  return problem_of(ended == CURLE_OK ? CURLE_WEIRD_SERVER_REPLY : ended);
}

result<post_answer> transfer::answer_to(const syslog_post& p, CURLcode ended) {
  if (ended == CURLE_OK) ended = send_line(datagrams_ ? p.line : fmt::format("{} {}", p.line.size(), p.line));
  if (ended == CURLE_OK) ended = look_after_it();
  if (ended != CURLE_OK) return problem_of(ended);
  return post_answer{.status = 200, .body = {}};
}

/** libcurl's own words name a host at most; they are passed on where they say more than ours. */
problem transfer::problem_of(CURLcode code) const {
  if (stop_.stop_requested()) return stopped();
  const auto os = static_cast<int>(told<long>(easy_.get(), CURLINFO_OS_ERRNO));
  const std::string words = words_.data();
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_ABORTED_BY_CALLBACK:
      if (told<curl_off_t>(easy_.get(), CURLINFO_CONNECT_TIME_T) == 0)
        return said({"限时内连不上", "no connection in time"});
      return said({"限时内没有应答", "no answer in time"});
    case CURLE_COULDNT_RESOLVE_HOST:
      return said({"主机名解析不了", "the name of the host cannot be resolved"});
    case CURLE_COULDNT_RESOLVE_PROXY:
      return said({"代理的主机名解析不了", "the name of the proxy cannot be resolved"});
    case CURLE_PROXY:
      return said(both("代理拒绝了（{}）", "the proxy refused ({})", words));
    case CURLE_COULDNT_CONNECT:
      return os != 0 ? said(system_words(os)) : said({"连不上", "no connection"});
    case CURLE_PEER_FAILED_VERIFICATION:
      return said(both("证书校验失败（{}）{}", "the certificate cannot be verified ({}){}", words, request_.untrusted));
    case CURLE_SSL_CACERT_BADFILE:
      return said({"CA 证书文件读不了", "the file of CA certificates cannot be read"});
    case CURLE_SSL_CERTPROBLEM:
      return said(
          both("出示的证书或密钥不能用（{}）", "the certificate to show, or its key, cannot be used ({})", words));
    case CURLE_SSL_CONNECT_ERROR:
      return said(both("TLS 握手失败（{}）", "the TLS handshake failed ({})", words));
    case CURLE_USE_SSL_FAILED:
      return said({"邮件服务器不支持 STARTTLS", "the mail server has no STARTTLS"});
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return os != 0 ? said(system_words(os)) : said({"对方中途断开", "the other side closed the connection early"});
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return said({"地址的写法有误，或应答读不懂", "the address is malformed, or the answer is not understood"});
    case CURLE_LOGIN_DENIED:
      return said({"登录被拒绝", "the login was refused"});
    default:
      return said(both("发送失败（{}）", "it could not be sent ({})", ::curl_easy_strerror(code)));
  }
}

result<post_answer> transfer::go() {
  auto unfit = std::visit([this](const auto& p) { return prepare(p); }, request_.what);
  if (unfit) return std::move(*unfit);
  std::error_code not_there;
  if (!request_.ca_file.empty() && !std::filesystem::is_regular_file(request_.ca_file, not_there))
    return said({"CA 文件不存在，或不是文件", "the CA file is not there or is no file"});
  for (const std::string* file : {&request_.certificate_file, &request_.key_file})
    if (!file->empty() && !std::filesystem::is_regular_file(*file, not_there))
      return said({"出示的证书或密钥文件不存在，或不是文件",
                   "the certificate to show, or its key, is not there or is no file"});
  prepare_all();
  const auto address = address_line(request_.proxy.empty() ? url_ : "", request_.names, stop_);
  if (!address) return address.error();
  if (!address->empty()) append(addresses_, *address), set(CURLOPT_RESOLVE, addresses_.get());
  const std::stop_callback cut(stop_, [this] {
    ::curl_multi_wakeup(multi_.get());
    sockets_.shut();
  });
  if (stop_.stop_requested()) return stopped();
  if (::curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK) throw std::bad_alloc();
  const CURLcode ended = carry();
  auto answer = std::visit([this, ended](const auto& p) { return answer_to(p, ended); }, request_.what);
  ::curl_multi_remove_handle(multi_.get(), easy_.get());
  return answer;
}

}  // namespace

result<post_answer> post(const post_request& r, const std::stop_token& stop) {
  const no_broken_pipe quiet;
  return transfer(r, stop).go();
}

}  // namespace changtong::host
