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
#include <deque>

#include "collectors/net/clock.h"
#include "collectors/net/descriptor_watch.h"
#include "collectors/net/socket_address.h"

namespace changtong::net {
namespace {

constexpr milliseconds patience{2000};  ///< with a server's answer, then the next one or the same is asked again
constexpr int tries = 3;
constexpr milliseconds turn{50};  ///< between two looks for questions that timed out
constexpr nanoseconds look_again = std::chrono::seconds{5};
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

/** c-ares with the servers of one state of resolv.conf. */
struct channel {
  explicit channel(boost::asio::io_context& io)
      : watch(io, [this](int fd, bool readable, bool writable) {
          ::ares_process_fd(handle, readable ? fd : ARES_SOCKET_BAD, writable ? fd : ARES_SOCKET_BAD);
        }) {
    ares_options o{};
    o.timeout = static_cast<int>(patience.count());
    o.tries = tries;
    o.sock_state_cb = [](void* self, ares_socket_t fd, int readable, int writable) {
      static_cast<channel*>(self)->watch.want(fd, readable != 0, writable != 0);
    };
    o.sock_state_cb_data = this;
    const int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB;
    if (::ares_init_options(&handle, &o, mask) != ARES_SUCCESS) {
      handle = nullptr;
      return;
    }
    ares_addr_port_node* servers = nullptr;
    ::ares_get_servers_ports(handle, &servers);
    const bool one = servers != nullptr && servers->next == nullptr;
    ::ares_free_data(servers);
    if (!one) return;
    // Nobody else could know better: its own word (SERVFAIL, REFUSED) is kept.
    ::ares_destroy(handle);
    o.flags = ARES_FLAG_NOCHECKRESP;
    if (::ares_init_options(&handle, &o, mask | ARES_OPT_FLAGS) != ARES_SUCCESS) handle = nullptr;
  }
  ~channel() {
    if (handle != nullptr) ::ares_destroy(handle);
  }
  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;

  ares_channel handle = nullptr;
  descriptor_watch watch;
  std::size_t under_way = 0;
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

/** Only what can be a peer's: no 0.0.0.0, no multicast. */
bool can_be_asked(const ip_address& a) {
  if (a == ip_address{} || a == ip_address{{}, true}) return false;
  return a.v6 ? a.bytes[0] != 0xff : a.bytes[0] < 224;
}

}  // namespace

struct names::inside : std::enable_shared_from_this<names::inside> {
  explicit inside(boost::asio::io_context& loop) : io(loop), clock(loop) {}

  struct query {
    std::weak_ptr<inside> in;
    channel* of;
    std::string host;
    std::function<void(const name_answer&)> tell;
  };

  channel& current() {
    const mono_t now = mono_now();
    if (channels.empty() || now - looked >= look_again) {
      looked = now;
      const file_mark is = file_mark::of(servers_file);
      if (channels.empty() || !is.same(mark)) {
        mark = is;
        channels.push_back(std::make_unique<channel>(io));
      }
      while (channels.size() > 1 && channels.front()->under_way == 0) channels.pop_front();
    }
    return *channels.back();
  }

  void begin(query* q) {
    ++q->of->under_way;
    if (++under_way == 1) tick();
  }

  /** c-ares looks for its own time-outs when it is called. */
  void tick() {
    clock.expires_after(turn);
    clock.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      const auto self = weak.lock();
      if (error || !self) return;
      for (const auto& c : self->channels)
        if (c->handle != nullptr) ::ares_process_fd(c->handle, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
      if (self->under_way > 0) self->tick();
    });
  }

  /** c-ares may answer within its own call, and wants none from there. */
  static void end(query* q, name_answer answer) {
    const std::unique_ptr<query> owned(q);
    const auto self = q->in.lock();
    if (!self || self->over) return;
    --q->of->under_way;
    --self->under_way;
    const bool told = answer.what == name_state::found || answer.what == name_state::not_found;
    if (told && !self->asking && !q->host.empty()) self->note(q->host);
    boost::asio::post(self->io, [weak = q->in, tell = std::move(q->tell), answer = std::move(answer)] {
      if (const auto still = weak.lock(); still && !still->over) tell(answer);
    });
  }

  void note(const std::string& host) {
    if (host == answered[0].first)
      answered[0].second = mono_now();
    else
      answered[1] = std::exchange(answered[0], {host, mono_now()});
  }

  boost::asio::io_context& io;
  boost::asio::steady_timer clock;
  std::deque<std::unique_ptr<channel>> channels;  ///< the last is in use, the others have questions under way
  file_mark mark;
  mono_t looked{};
  std::size_t under_way = 0;
  bool over = false;
  bool asking = false;  ///< what is answered within the call comes from /etc/hosts and says nothing of a name server
  std::array<std::pair<std::string, mono_t>, 2> answered;  ///< the last two names that were
};

names::names(boost::asio::io_context& io) : in_(std::make_shared<inside>(io)) {
  static const int ready = ::ares_library_init(ARES_LIB_INIT_ALL);
  static_cast<void>(ready);
}

names::~names() {
  in_->over = true;
  in_->clock.cancel();
  in_->channels.clear();
}

void names::ask(const std::string& host, bool v6, std::function<void(const name_answer&)> tell) {
  channel& c = in_->current();
  auto* q = new inside::query{in_, &c, host, std::move(tell)};
  in_->begin(q);
  if (c.handle == nullptr) return inside::end(q, {name_state::failed, {}, "c-ares cannot be started"});
  ares_addrinfo_hints hints{};
  hints.ai_flags = ARES_AI_NOSORT;
  hints.ai_family = v6 ? AF_INET6 : AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  in_->asking = true;
  ::ares_getaddrinfo(
      c.handle, host.c_str(), nullptr, &hints,
      [](void* mine, int status, int, ares_addrinfo* found) {
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
        inside::end(static_cast<inside::query*>(mine), std::move(answer));
      },
      q);
  in_->asking = false;
}

void names::ask_root(std::function<void(bool answered)> tell) {
  channel& c = in_->current();
  auto* q = new inside::query{in_, &c, {}, [tell = std::move(tell)](const name_answer& a) {
                                tell(a.what == name_state::found || a.what == name_state::not_found);
                              }};
  in_->begin(q);
  if (c.handle == nullptr) return inside::end(q, {name_state::failed, {}, {}});
  ::ares_query(
      c.handle, ".", ns_c_in, ns_t_ns,
      [](void* mine, int status, int, unsigned char*, int) {
        inside::end(static_cast<inside::query*>(mine), {state_of(status), {}, {}});
      },
      q);
}

bool names::answered_another(std::string_view host, mono_t since) const {
  return std::ranges::any_of(in_->answered, [&](const auto& one) {
    return one.second >= since && one.second != mono_t{} && one.first != host;
  });
}

}  // namespace changtong::net
