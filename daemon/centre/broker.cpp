#include "daemon/centre/broker.h"

#include <nats/nats.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <exception>
#include <random>
#include <string_view>
#include <utility>

#include "daemon/core/phrase.h"
#include "daemon/core/plain_text.h"
#include "daemon/host/clocks.h"
#include "daemon/host/digest.h"
#include "daemon/host/within.h"

namespace changtong::centre {
namespace {

constexpr milliseconds to_one_server{2'000}, besides{3'000};  // for a conversation to begin
constexpr milliseconds nobody_tries{1'000};
constexpr milliseconds to_write{5'000}, between_pings{5'000};
constexpr milliseconds a_moment{100};  // after which a stop is looked for
constexpr int most_unanswered_pings = 2;
constexpr int most_waiting = 1'024, most_waiting_bytes = 64 << 20;
constexpr std::size_t usual_most_bytes = 1 << 20, most_said = 200;
constexpr std::size_t most_addresses = 4;  // of one name: each is waited for, one after the other

struct chinese_status {
  natsStatus status;
  std::string_view words;
};
/** libnats speaks English alone. */
constexpr std::array chinese_words{
    chinese_status{NATS_NO_SERVER, "连不上：没有在运行，或地址、端口不对，或 TLS 不通"},
    chinese_status{NATS_TIMEOUT, "没有及时应答"},
    chinese_status{NATS_CONNECTION_AUTH_FAILED, "不认这个用户：用户名、口令或令牌不对"},
    chinese_status{NATS_NOT_PERMITTED, "不许这个用户这样做：看它的 permissions"},
    chinese_status{NATS_SECURE_CONNECTION_REQUIRED, "只收 TLS 连接：服务器地址写 tls://"},
    chinese_status{NATS_SECURE_CONNECTION_WANTED, "没有开 TLS：在它的配置里写 tls，或地址写 nats://"},
    chinese_status{NATS_SSL_ERROR, "TLS 不通：证书、名称或签发者不对"},
    chinese_status{NATS_ADDRESS_MISSING, "地址不对"},
    chinese_status{NATS_IO_ERROR, "读写失败"},
    chinese_status{NATS_SYS_ERROR, "系统调用失败"},
    chinese_status{NATS_NO_MEMORY, "内存不足"},
    chinese_status{NATS_STALE_CONNECTION, "不应答了，连接已断"},
    chinese_status{NATS_CONNECTION_CLOSED, "连接已断"},
    chinese_status{NATS_CONNECTION_DISCONNECTED, "连接已断"},
    chinese_status{NATS_PROTOCOL_ERROR, "说的不是 NATS：地址或端口不对"},
    chinese_status{NATS_MAX_PAYLOAD, "不收这么多字节：在它的配置里写 max_payload: 8MB"},
    chinese_status{NATS_INSUFFICIENT_BUFFER, "断开期间要送的太多"},
    chinese_status{NATS_INVALID_SUBJECT, "主题不对"}};

/** In one line; libnats quotes no password. */
problem told(natsStatus s) {
  natsStatus last = NATS_OK;
  const char* more = nats_GetLastError(&last);
  const std::string words = last == s && more != nullptr && *more != '\0' ? more : natsStatus_GetText(s);
  const auto* const known = std::ranges::find(chinese_words, s, &chinese_status::status);
  const std::string cn =
      known == chinese_words.end() ? fmt::format("出错（libnats {}）", static_cast<int>(s)) : std::string(known->words);
  return said("消息中间件" + cn, "the broker: " + as_seen(words, most_said));
}

struct freed {
  void operator()(natsOptions* o) const { natsOptions_Destroy(o); }
  void operator()(natsConnection* c) const { natsConnection_Destroy(c); }
  void operator()(natsSubscription* s) const { natsSubscription_Destroy(s); }
  void operator()(natsMsg* m) const { natsMsg_Destroy(m); }
};
template <class T>
using owned = std::unique_ptr<T, freed>;

broker_message read(natsMsg* m) {
  const auto text = [](const char* t) { return t == nullptr ? std::string() : std::string(t); };
  return {.subject = text(natsMsg_GetSubject(m)),
          .answer_to = text(natsMsg_GetReply(m)),
          .body = std::string(natsMsg_GetData(m), static_cast<std::size_t>(natsMsg_GetDataLength(m)))};
}

/** The first thing that goes wrong, of several. */
class steps {
 public:
  steps& then(natsStatus s) {
    if (all_ == NATS_OK) all_ = s;
    return *this;
  }
  [[nodiscard]] natsStatus all() const { return all_; }

 private:
  natsStatus all_ = NATS_OK;
};

natsStatus say_who(natsOptions* o, const broker_place& where) {
  if (!where.user.empty()) return natsOptions_SetUserInfo(o, where.user.c_str(), where.password.reveal().c_str());
  return where.token.empty() ? NATS_OK : natsOptions_SetToken(o, where.token.reveal().c_str());
}

/** One broker, by its addresses. */
struct whereabouts {
  std::string host;  ///< as its certificate has to say
  std::vector<std::string> urls;
};

/** By the system, and as long as that takes. libnats would count it as part of the time that a connection has to begin:
 * after an answer that took longer nothing would be left for the connection. */
result<whereabouts> looked_up(const std::string& server) {
  const std::size_t colon = server.rfind(':');
  std::string host = server.substr(0, colon);
  const std::string port = server.substr(colon + 1);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  addrinfo hints{}, *first = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  if (const int failed = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &first); failed != 0)
    return said(both("消息中间件的域名 {} 查不到地址：{}", "the broker's name {} was not found: {}", host,
                     ::gai_strerror(failed)));
  const std::unique_ptr<addrinfo, decltype([](addrinfo* a) { ::freeaddrinfo(a); })> all(first);
  whereabouts found{.host = std::move(host), .urls = {}};
  for (const addrinfo* a = first; a != nullptr && found.urls.size() < most_addresses; a = a->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(a->ai_addr, a->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) continue;
    const bool six = a->ai_family == AF_INET6;
    found.urls.push_back(fmt::format("nats://{}{}{}:{}", six ? "[" : "", text.data(), six ? "]" : "", port));
  }
  return found;
}

natsStatus say_whom_to_believe(natsOptions* o, const broker_place& where, const std::string& host) {
  if (!where.tls) return NATS_OK;
  steps s;
  s.then(natsOptions_SetSecure(o, true)).then(natsOptions_SetExpectedHostname(o, host.c_str()));
  if (!where.ca_file.empty()) s.then(natsOptions_LoadCATrustedCertificates(o, where.ca_file.c_str()));
  return s.all();
}

natsStatus options_of(const broker_place& where, const whereabouts& at, owned<natsOptions>& into) {
  natsOptions* o = nullptr;
  if (const natsStatus made = natsOptions_Create(&o); made != NATS_OK) return made;
  into.reset(o);
  std::vector<const char*> texts;
  for (const std::string& url : at.urls) texts.push_back(url.c_str());
  return steps()
      .then(natsOptions_SetServers(o, texts.data(), static_cast<int>(texts.size())))
      .then(say_who(o, where))
      .then(say_whom_to_believe(o, where, at.host))
      .then(natsOptions_SetName(o, where.name.c_str()))
      .then(natsOptions_SetTimeout(o, to_one_server.count()))
      .then(natsOptions_SetWriteDeadline(o, to_write.count()))
      .then(natsOptions_SetPingInterval(o, between_pings.count()))
      .then(natsOptions_SetMaxPingsOut(o, most_unanswered_pings))
      // It would try the same addresses by itself, and hold its lock during the handshake of TLS, however long: whoever
      // asked it anything meanwhile, if only whether it is connected, would hang with it.
      .then(natsOptions_SetAllowReconnect(o, false))
      .then(natsOptions_SetIgnoreDiscoveredServers(o, true))  // whom the settings name, and nobody else
      // Its own one writes to the terminal.
      .then(natsOptions_SetErrorHandler(
          o, [](natsConnection*, natsSubscription*, natsStatus, void*) {}, nullptr))
      .all();
}

}  // namespace

/** Nobody calls nats_Close: libnats would then free at the end what belongs to OpenSSL, which frees it again (3.4.1).
 * Its few threads end with the process. */
struct broker::conversation {
  owned<natsConnection> with;
  std::vector<owned<natsSubscription>> hears;

  [[nodiscard]] bool over() const { return natsConnection_IsClosed(with.get()); }
  [[nodiscard]] bool there() const { return natsConnection_Status(with.get()) == NATS_CONN_STATUS_CONNECTED; }
  [[nodiscard]] natsStatus listen(const broker_subject& to, owned<natsSubscription>& into) const {
    natsSubscription* s = nullptr;
    const natsStatus done = to.group.empty()
                                ? natsConnection_SubscribeSync(&s, with.get(), to.name.c_str())
                                : natsConnection_QueueSubscribeSync(&s, with.get(), to.name.c_str(), to.group.c_str());
    into.reset(s);
    if (done != NATS_OK) return done;
    return natsSubscription_SetPendingLimits(s, most_waiting, most_waiting_bytes);
  }
};

/** The one that there is: of those that hang none pile up, and one that took too long is not in vain. */
struct broker::attempt {
  mutex guard;
  bool under_way GUARDED_BY(guard) = false;
  held made GUARDED_BY(guard);  ///< and not taken yet; null: none

  void set_under_way(bool is) {
    const holding lock(guard);
    under_way = is;
  }
  result<held> go(const broker_place& where) {
    auto done = begin(where);
    const holding lock(guard);
    under_way = false;
    if (done) made = *done;
    return done;
  }
};

broker::broker(broker_place where)
    : where_(std::move(where)), most_(usual_most_bytes), attempt_(std::make_shared<attempt>()) {}
broker::~broker() = default;

result<broker::held> broker::begin(const broker_place& where) {
  std::vector<std::string> servers = where.servers;
  std::random_device random;
  std::ranges::shuffle(servers, random);  // so that the nodes spread among them
  problem last;
  for (const std::string& server : servers) {
    auto made = begin_with(server, where);
    if (made) return made;
    last = made.error();
  }
  return last;
}

result<broker::held> broker::begin_with(const std::string& server, const broker_place& where) {
  const auto at = looked_up(server);
  if (!at) return at.error();
  auto made = std::make_shared<conversation>();
  owned<natsOptions> options;
  if (const natsStatus s = options_of(where, *at, options); s != NATS_OK) return told(s);
  natsConnection* c = nullptr;
  if (const natsStatus s = natsConnection_Connect(&c, options.get()); s != NATS_OK) return told(s);
  made->with.reset(c);
  for (const broker_subject& to : where.hears)
    if (const natsStatus s = made->listen(to, made->hears.emplace_back()); s != NATS_OK) return told(s);
  // Whether the broker has heard all of it.
  if (const natsStatus s = natsConnection_FlushTimeout(c, to_one_server.count()); s != NATS_OK) return told(s);
  return made;
}

result<broker::held> broker::open(const std::stop_token& stop) {
  const holding lock(mutex_);
  if (open_ && !open_->over()) {
    if (!open_->there()) return said({"消息中间件断开了", "the broker is gone"});
    return open_;
  }
  open_.reset();
  {
    attempt& last = *attempt_;
    const holding both(last.guard);
    if (last.under_way)
      return said({"消息中间件还没有连上：它的域名还没有查到，或它没有应答",
                   "the broker is not reached yet: its name is still being looked up, or it does not answer"});
    open_ = std::exchange(last.made, nullptr);
  }
  if (open_) return adopted();
  if (away_ && system_clocks().mono() < until_) return *away_;
  return opened_anew(stop);
}

result<broker::held> broker::opened_anew(const std::stop_token& stop) {
  attempt_->set_under_way(true);
  // Names are looked up by the system, which has its own patience.
  const milliseconds patience = to_one_server * static_cast<int>(where_.servers.size()) + besides;
  std::optional<result<held>> begun;
  try {
    begun = host::within<result<held>>(patience, [where = where_, mine = attempt_] { return mine->go(where); }, stop);
  } catch (const std::exception&) {  // no thread: nothing is under way, and the next one may get one
    attempt_->set_under_way(false);
    begun =
        said({"本机起不了新的线程：进程或内存到了上限", "this machine starts no more threads: too many, or no memory"});
  }
  if (!begun) begun = said({"消息中间件没有应答", "no broker answers"});
  if (!*begun) {
    away_ = begun->error();
    until_ = system_clocks().mono() + nobody_tries;
    return *away_;
  }
  attempt& done = *attempt_;
  const holding lock(done.guard);
  done.made.reset();
  open_ = **begun;
  return adopted();
}

result<broker::held> broker::adopted() {
  away_.reset();
  most_ = static_cast<std::size_t>(natsConnection_GetMaxPayload(open_->with.get()));
  return open_;
}

std::size_t broker::most_bytes() const {
  const holding lock(mutex_);
  return most_;
}

result<void> broker::tell(const std::string& subject, const std::string& body, const std::stop_token& stop) {
  const auto with = open(stop);
  if (!with) return with.error();
  const natsStatus s =
      natsConnection_Publish((*with)->with.get(), subject.c_str(), body.data(), static_cast<int>(body.size()));
  if (s != NATS_OK) return told(s);
  return {};
}

result<std::string> broker::ask(const std::string& subject, const std::string& body, milliseconds patience,
                                const std::stop_token& stop) {
  const mono_t until = system_clocks().mono() + patience;
  const auto with = open(stop);
  if (!with) return with.error();
  if (const std::size_t most = most_bytes(); body.size() > most)
    return said(both("有 {} 字节，消息中间件只收 {} 字节：请在它的配置里写 max_payload: 8MB",
                     "{} bytes are more than the {} that the broker takes: write max_payload: 8MB in its settings",
                     body.size(), most));
  // Nobody else can foresee where the answer goes.
  const std::string answers = where_.answers + '.' + host::hex(host::random_bytes(16));
  owned<natsSubscription> here;
  if (const natsStatus s = (*with)->listen({.name = answers, .group = {}}, here); s != NATS_OK) return told(s);
  const natsStatus sent = natsConnection_PublishRequest((*with)->with.get(), subject.c_str(), answers.c_str(),
                                                        body.data(), static_cast<int>(body.size()));
  if (sent != NATS_OK) return told(sent);
  while (!stop.stop_requested()) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - system_clocks().mono());
    if (left <= milliseconds{0})
      return said({"没有等到回答：对方没有在运行，或消息中间件不许本机发到那里",
                   "no answer came: nobody runs there, or the broker lets this machine not send there"},
                  problem_class::no);
    natsMsg* m = nullptr;
    const natsStatus s = natsSubscription_NextMsg(&m, here.get(), std::min(left, a_moment).count());
    const owned<natsMsg> got(m);
    if (s == NATS_NO_RESPONDERS)
      return said({"对方没有在运行：消息中间件上没有谁在听", "nobody runs there: no one listens at the broker"},
                  problem_class::no);
    if (s == NATS_OK) return result<std::string>(boost::system::in_place_value, read(m).body);
    if (s != NATS_TIMEOUT) return told(s);
  }
  return said({"正在停止", "told to stop"});
}

result<std::optional<broker_message>> broker::hear(std::size_t which, milliseconds patience,
                                                   const std::stop_token& stop) {
  const auto with = open(stop);
  if (!with) return with.error();
  natsMsg* m = nullptr;
  const natsStatus s = natsSubscription_NextMsg(&m, (*with)->hears.at(which).get(), patience.count());
  const owned<natsMsg> got(m);
  if (s == NATS_OK) return std::optional<broker_message>(read(m));
  if (s == NATS_TIMEOUT || s == NATS_SLOW_CONSUMER) return std::optional<broker_message>{};
  return told(s);
}

}  // namespace changtong::centre
