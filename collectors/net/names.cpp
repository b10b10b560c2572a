#include "collectors/net/names.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstring>
#include <optional>
#include <unordered_map>

#include "collectors/net/clock.h"
#include "collectors/net/descriptor_watch.h"
#include "collectors/net/socket_address.h"
#include "daemon/core/phrase.h"

namespace changtong::net {
namespace {

constexpr milliseconds patience{1000};  ///< with a server's answer, then the next one or the same is asked again
constexpr int tries = 4;
constexpr milliseconds turn{50};  ///< between two looks for questions that timed out
constexpr nanoseconds look_again = std::chrono::seconds{5};
constexpr nanoseconds remembered = std::chrono::minutes{5};  ///< that a name failed
constexpr std::size_t most_addresses = 64;
constexpr const char* servers_file = "/etc/resolv.conf";

struct file_mark {
  timespec changed{};
  ino_t node = 0;
  off_t size = -1;
  static file_mark of(const char* path) {
    struct stat s{};
    if (::stat(path, &s) != 0) return {};
    return {s.st_mtim, s.st_ino, s.st_size};
  }
  [[nodiscard]] bool same(const file_mark& o) const {
    return changed.tv_sec == o.changed.tv_sec && changed.tv_nsec == o.changed.tv_nsec && node == o.node &&
           size == o.size;
  }
};

/** What one question needs: a channel of c-ares of its own, so that it has a source port that nobody can guess and a
 * connection (for answers too long for a datagram) that no silent question blocks. */
struct question {
  ares_channel channel = nullptr;
  std::string host;  ///< empty: the root
  bool v6 = false;
  bool control = false;  ///< asked for our own sake: what comes of it is no site's
  std::weak_ptr<const void> asker;
  std::function<void(const name_answer&)> tell;
  std::optional<name_answer> answer;
  bool asking = false;  ///< within the first call: what is answered there comes from /etc/hosts
  bool from_file = false;

  question() = default;
  question(const question&) = delete;
  question& operator=(const question&) = delete;
  ~question() {
    if (channel != nullptr) ::ares_destroy(channel);
  }

  void answered(name_answer a) {
    if (answer) return;
    from_file = asking;
    answer = std::move(a);
  }
};

name_state state_of(int status) {
  switch (status) {
    case ARES_SUCCESS:
      return name_state::found;
    case ARES_ENOTFOUND:
    case ARES_ENODATA:
    case ARES_EBADNAME:
      return name_state::not_found;
    case ARES_ETIMEOUT:
      return name_state::silent;
    default:
      return name_state::failed;
  }
}

/** The list as c-ares reads it, each pointing to the next. */
std::vector<ares_addr_port_node> nodes_of(const std::vector<name_server>& stated) {
  std::vector<ares_addr_port_node> list(stated.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    ares_addr_port_node& node = list[i];
    node = {};
    const name_server& s = stated[i];
    node.next = i + 1 < list.size() ? &list[i + 1] : nullptr;
    node.family = s.address.v6 ? AF_INET6 : AF_INET;
    std::memcpy(&node.addr, s.address.bytes.data(), s.address.v6 ? sizeof node.addr.addr6 : sizeof node.addr.addr4);
    node.udp_port = node.tcp_port = s.port;
  }
  return list;
}

/** Only what can be a peer's: no 0.0.0.0, no multicast. */
bool can_be_asked(const ip_address& a) {
  if (a == ip_address{} || a == ip_address{{}, true}) return false;
  return a.v6 ? a.bytes[0] != 0xff : a.bytes[0] < 224;
}

void take_addresses(void* mine, int status, int, ares_addrinfo* found) {
  name_answer answer{state_of(status), {}, ::ares_strerror(status)};
  for (const ares_addrinfo_node* n = found != nullptr ? found->nodes : nullptr; n != nullptr; n = n->ai_next) {
    socket_address raw{};
    std::memcpy(&raw, n->ai_addr, std::min<std::size_t>(n->ai_addrlen, sizeof raw));
    ip_address address;
    std::uint16_t port = 0;
    read_socket_address(raw, address, port);
    if (can_be_asked(address) && answer.addresses.size() < most_addresses &&
        std::ranges::find(answer.addresses, address) == answer.addresses.end())
      answer.addresses.push_back(address);
  }
  if (found != nullptr) ::ares_freeaddrinfo(found);
  if (answer.what == name_state::found && answer.addresses.empty())
    answer = {name_state::not_found, {}, "no address that can be asked"};
  static_cast<question*>(mine)->answered(std::move(answer));
}

void take_status(void* mine, int status, int, unsigned char*, int) {
  static_cast<question*>(mine)->answered({state_of(status), {}, ::ares_strerror(status)});
}

}  // namespace

struct names::inside : std::enable_shared_from_this<names::inside> {
  inside(boost::asio::io_context& loop, std::vector<name_server> asked)
      : stated(std::move(asked)), io(loop), clock(loop), watch(loop, [this](int fd, bool readable, bool writable) {
          const auto whose = by_descriptor.find(fd);
          if (whose != by_descriptor.end()) process(*whose->second, fd, readable, writable);
        }) {}
  ~inside() {
    if (servers != nullptr) ::ares_destroy(servers);
  }

  /** The name servers of now: read again when the file has changed, which says more than who they are. */
  ares_channel configured() {
    const mono_t now = mono_now();
    if (servers != nullptr && now - looked < look_again) return servers;
    looked = now;
    const file_mark is = file_mark::of(servers_file);
    if (servers != nullptr && is.same(mark)) return servers;
    mark = is;
    made(0);
    ares_addr_port_node* all = nullptr;
    if (servers != nullptr) ::ares_get_servers_ports(servers, &all);
    const bool one = all != nullptr && all->next == nullptr;
    ::ares_free_data(all);
    // Nobody else could know better: its own word (SERVFAIL, REFUSED) is kept.
    if (one) made(ARES_FLAG_NOCHECKRESP);
    return servers;
  }

  /** Makes `servers` anew; null where c-ares cannot. */
  void made(int flags) {
    if (servers != nullptr) ::ares_destroy(std::exchange(servers, nullptr));
    ares_options o{};
    o.flags = flags;
    o.timeout = static_cast<int>(patience.count());
    o.tries = tries;
    o.sock_state_cb = [](void* self, ares_socket_t fd, int readable, int writable) {
      static_cast<inside*>(self)->socket_is(fd, readable != 0, writable != 0);
    };
    o.sock_state_cb_data = this;
    const int set = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB | (flags != 0 ? ARES_OPT_FLAGS : 0);
    if (::ares_init_options(&servers, &o, set) != ARES_SUCCESS) {
      servers = nullptr;
    } else if (!stated.empty()) {
      std::vector<ares_addr_port_node> list = nodes_of(stated);
      if (::ares_set_servers_ports(servers, list.data()) != ARES_SUCCESS)
        ::ares_destroy(std::exchange(servers, nullptr));
    }
  }

  void begin(std::unique_ptr<question> q) {
    question& it = *q;
    under_way.push_back(std::move(q));
    if (under_way.size() == 1) tick();
    const ares_channel from = configured();
    if (from == nullptr || ::ares_dup(&it.channel, from) != ARES_SUCCESS) {
      it.channel = nullptr;
      it.answered({name_state::failed, {}, "c-ares cannot be started"});
      return settle(it);
    }
    it.asking = true;
    acting = &it;
    if (it.host.empty()) {
      ::ares_query(it.channel, ".", ns_c_in, ns_t_ns, take_status, &it);
    } else {
      ares_addrinfo_hints hints{};
      hints.ai_flags = ARES_AI_NOSORT;
      hints.ai_family = it.v6 ? AF_INET6 : AF_INET;
      hints.ai_socktype = SOCK_STREAM;
      ::ares_getaddrinfo(it.channel, it.host.c_str(), nullptr, &hints, take_addresses, &it);
    }
    it.asking = false;
    settle(it);
  }

  /** Told by c-ares of a socket of the question that it is called for; neither: it is about to be closed. */
  void socket_is(int fd, bool read, bool write) {
    watch.want(fd, read, write);
    if (read || write)
      by_descriptor[fd] = acting;
    else
      by_descriptor.erase(fd);
  }

  void process(question& q, int fd, bool readable, bool writable) {
    acting = &q;
    ::ares_process_fd(q.channel, readable ? fd : ARES_SOCKET_BAD, writable ? fd : ARES_SOCKET_BAD);
    settle(q);
  }

  void settle(question& q) {
    if (!q.answer) return;
    const bool told = q.answer->what == name_state::found || q.answer->what == name_state::not_found;
    if (!q.from_file && !q.host.empty() && !q.control) note(told ? answered : failed, q.host);
    boost::asio::post(
        io, [weak = weak_from_this(), asker = q.asker, tell = std::move(q.tell), answer = std::move(*q.answer)] {
          if (!weak.expired() && !asker.expired()) tell(answer);
        });
    std::erase_if(under_way, [&](const auto& one) { return one.get() == &q; });
  }

  /** c-ares looks for its own time-outs when it is called. */
  void tick() {
    clock.expires_after(turn);
    clock.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      const auto self = weak.lock();
      if (error || !self) return;
      std::erase_if(self->under_way, [](const auto& q) { return q->asker.expired(); });
      for (std::size_t i = self->under_way.size(); i-- > 0;)  // from the end: settle() may take it away
        self->process(*self->under_way[i], ARES_SOCKET_BAD, false, false);
      if (!self->under_way.empty()) self->tick();
    });
  }

  using last_two = std::array<std::pair<std::string, mono_t>, 2>;
  static void note(last_two& of, const std::string& host) {
    if (host == of[0].first)
      of[0].second = mono_now();
    else
      of[1] = std::exchange(of[0], {host, mono_now()});
  }
  /** The last that was another than `host`, since then. */
  static const std::string* another_in(const last_two& of, std::string_view host, mono_t since) {
    for (const auto& [name, at] : of)
      if (at != mono_t{} && at >= since && name != host) return &name;
    return nullptr;
  }

  const std::vector<name_server> stated;
  boost::asio::io_context& io;
  boost::asio::steady_timer clock;
  descriptor_watch watch;
  ares_channel servers = nullptr;  ///< is never asked itself: what every question's channel is a copy of
  file_mark mark;
  mono_t looked{};
  std::unordered_map<int, question*> by_descriptor;
  question* acting = nullptr;  ///< whose channel c-ares was called with last
  std::vector<std::unique_ptr<question>> under_way;
  last_two answered, failed;  ///< the last two names that a server knew, and that none could tell
};

names::names(boost::asio::io_context& io, std::vector<name_server> stated) {
  static const int ready = ::ares_library_init(ARES_LIB_INIT_ALL);
  static_cast<void>(ready);
  in_ = std::make_shared<inside>(io, std::move(stated));
}

names::~names() = default;

void names::ask(const std::string& host, bool v6, const std::weak_ptr<const void>& asker,
                std::function<void(const name_answer&)> tell) {
  auto q = std::make_unique<question>();
  q->host = host;
  q->v6 = v6;
  q->asker = asker;
  q->tell = std::move(tell);
  in_->begin(std::move(q));
}

void names::ask_another(const std::string& host, const std::weak_ptr<const void>& asker,
                        std::function<void(bool answered)> tell) {
  const std::string* known = inside::another_in(in_->answered, host, mono_t{});
  const bool others_fail = inside::another_in(in_->failed, host, mono_now() - remembered) != nullptr;
  if (known == nullptr && others_fail)
    return boost::asio::post(in_->io, [asker, tell = std::move(tell)] {
      if (!asker.expired()) tell(false);
    });
  auto q = std::make_unique<question>();
  if (known != nullptr) q->host = *known;
  q->control = true;
  q->asker = asker;
  q->tell = [tell = std::move(tell)](const name_answer& a) {
    tell(a.what == name_state::found || a.what == name_state::not_found);
  };
  in_->begin(std::move(q));
}

bool names::answered_another(std::string_view host, mono_t since) const {
  return inside::another_in(in_->answered, host, since) != nullptr;
}

result<std::vector<ip_address>> addresses_of(const std::string& host, std::vector<name_server> servers,
                                             milliseconds longest, const std::stop_token& stop) {
  if (const auto literal = parse_address(host)) return std::vector{*literal};
  constexpr milliseconds look{100};
  boost::asio::io_context io;
  names resolver(io, std::move(servers));
  const auto asker = std::make_shared<int>();
  std::array<std::optional<name_answer>, 2> told;
  for (const bool v6 : {false, true})
    resolver.ask(host, v6, asker, [&told, v6](const name_answer& a) { told.at(v6 ? 1 : 0) = a; });
  const mono_t end = mono_now() + longest;
  while (!(told[0] && told[1]) && mono_now() < end && !stop.stop_requested()) io.run_one_for(look);
  std::vector<ip_address> all;
  std::string words = "no answer in time";
  for (const auto& one : told) {
    if (!one) continue;
    all.insert(all.end(), one->addresses.begin(), one->addresses.end());
    if (one->addresses.empty()) words = one->said;
  }
  if (all.empty()) return said(both("域名 {} 解析不到地址（{}）", "no address of {} ({})", host, words));
  return all;
}

}  // namespace changtong::net
