#include "daemon/host/directory.h"

#include <fmt/format.h>
#include <ldap.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <thread>

#include "daemon/core/mutex.h"
#include "daemon/core/phrase.h"
#include "daemon/host/open_sockets.h"

namespace changtong::host {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::string_view place_of_name = "{user}";
// What fails, as it is said.
const phrase connecting{"连接", "connecting"}, beginning_tls{"建立 TLS ", "beginning TLS"},
    binding{"验证密码", "the bind"}, searching{"查询", "the search"}, comparing{"查询组", "asking for groups"};

constexpr const char* system_store = "/etc/ssl/certs/ca-certificates.crt";

struct unbind {
  void operator()(LDAP* l) const { ::ldap_unbind_ext_s(l, nullptr, nullptr); }
};
struct free_message {
  void operator()(LDAPMessage* m) const { ::ldap_msgfree(m); }
};

berval as_berval(const std::string& text) {
  return {.bv_len = text.size(), .bv_val = const_cast<char*>(text.data())};  // it is only read
}

std::string with_name(std::string_view pattern, std::string_view name) {
  std::string out(pattern);
  if (const std::size_t at = out.find(place_of_name); at != std::string::npos)
    out.replace(at, place_of_name.size(), directory_escaped(name));
  return out;
}

/** What a server says of a password, or of whom it is asked for, that is not right; all else is its own trouble. */
bool says_no(int code) {
  constexpr std::array<int, 6> all{LDAP_INVALID_CREDENTIALS, LDAP_NO_SUCH_OBJECT,       LDAP_INAPPROPRIATE_AUTH,
                                   LDAP_INVALID_DN_SYNTAX,   LDAP_UNWILLING_TO_PERFORM, LDAP_CONSTRAINT_VIOLATION};
  return std::ranges::find(all, code) != all.end();
}

problem failed(const phrase& doing, int code) {
  return said(both("目录：{}失败：{}", "the directory: {} failed: {}", doing, ::ldap_err2string(code)));
}

using message = std::unique_ptr<LDAPMessage, free_message>;

/** Lies below TLS and counts what comes: whoever sends without end, be it what nobody asked for, is cut off. */
class byte_limit {
 public:
  static constexpr std::size_t most = 1 << 20;  ///< of one conversation, TLS and all

  /** Of the connection that begins. */
  [[nodiscard]] bool begin(Sockbuf* link) {
    left_ = most;
    constexpr int below_tls = LBER_SBIOD_LEVEL_PROVIDER + 1;
    return ::ber_sockbuf_add_io(link, &layer(), below_tls, this) == 0;
  }

 private:
  static Sockbuf_IO& layer() {
    static Sockbuf_IO all{
        .sbi_setup =
            +[](Sockbuf_IO_Desc* of, void* mine) {
              of->sbiod_pvt = mine;
              return 0;
            },
        .sbi_remove = +[](Sockbuf_IO_Desc*) { return 0; },
        .sbi_ctrl = +[](Sockbuf_IO_Desc* of, int what, void* with) { return LBER_SBIOD_CTRL_NEXT(of, what, with); },
        .sbi_read = &byte_limit::read,
        .sbi_write =
            +[](Sockbuf_IO_Desc* of, void* bytes, ber_len_t size) { return LBER_SBIOD_WRITE_NEXT(of, bytes, size); },
        .sbi_close = nullptr};
    return all;
  }
  static ber_slen_t read(Sockbuf_IO_Desc* of, void* into, ber_len_t room) {
    auto* mine = static_cast<byte_limit*>(of->sbiod_pvt);
    const ber_slen_t came = LBER_SBIOD_READ_NEXT(of, into, room);
    if (came <= 0) return came;
    if (static_cast<std::size_t>(came) > mine->left_) {
      errno = EMSGSIZE;
      return -1;
    }
    mine->left_ -= static_cast<std::size_t>(came);
    return came;
  }

  std::size_t left_ = 0;
};

/** Shuts the connection when the time is over: the library begins TLS in calls that wait for as long as the other side
 * is silent, whatever its options say. */
class time_limit {
 public:
  explicit time_limit(clock::time_point until)
      : told_{.lc_add = took, .lc_del = gave_back, .lc_arg = this},
        watch_([this, until](const std::stop_token& stop) { watch(stop, until); }) {}

  /** What the library calls when it has connected, and before it closes. */
  [[nodiscard]] ldap_conncb* told() { return &told_; }

 private:
  static int took(LDAP*, Sockbuf* link, LDAPURLDesc*, sockaddr*, ldap_conncb* of) {
    auto* mine = static_cast<time_limit*>(of->lc_arg);
    ber_socket_t fd = -1;
    ber_len_t most = 256 << 10;  // bytes of one answer: who lies about its length is cut off
    const bool bounded = ::ber_sockbuf_ctrl(link, LBER_SB_OPT_SET_MAX_INCOMING, &most) == 1 && mine->bytes_.begin(link);
    const bool known = bounded && ::ber_sockbuf_ctrl(link, LBER_SB_OPT_GET_FD, &fd) == 1;
    const holding lock(mine->mutex_);
    mine->fd_ = known ? fd : -1;
    return known && !mine->over_ ? 0 : -1;
  }
  static void gave_back(LDAP*, Sockbuf*, ldap_conncb* of) {
    auto* mine = static_cast<time_limit*>(of->lc_arg);
    const holding lock(mine->mutex_);
    mine->fd_ = -1;
  }
  void watch(const std::stop_token& stop, clock::time_point until) {
    holding lock(mutex_);
    wake_.wait_until(lock, stop, until, [] { return false; });
    over_ = true;
    if (fd_ >= 0 && !stop.stop_requested()) ::shutdown(fd_, SHUT_RDWR);
  }

  ldap_conncb told_;
  byte_limit bytes_;
  mutex mutex_;
  std::condition_variable_any wake_;
  int fd_ GUARDED_BY(mutex_) = -1;
  bool over_ GUARDED_BY(mutex_) = false;
  std::jthread watch_;  ///< begins when all else is there, and ends before it goes
};

/** One conversation. */
class talk {
 public:
  talk(const directory_settings& at, milliseconds patience)
      : at_(at), until_(clock::now() + patience), limit_(until_) {}

  result<void> begin();
  /** False: the password, or the name, is wrong. */
  result<bool> bind(const std::string& dn, const secret& password);
  /** The one whom the filter finds; empty: nobody, or several. */
  result<std::string> find(const std::string& name);
  /** Whether the entry has just this name. */
  result<bool> is_called(const std::string& dn, const std::string& name);
  [[nodiscard]] result<bool> has(const std::string& group, const std::string& dn, const std::string& name);

 private:
  /** For the next question; false: no time is left. */
  bool set_patience();
  /** The next message that answers `id`, which the library gave to the question (`sent`: what it said then). One by
   * one: what the library gathers by itself is as much as a server likes. */
  result<message> next(const phrase& doing, int sent, int id);
  /** The code of an answer that has to be of this kind. */
  result<int> code_of(const phrase& doing, const message& answer, ber_tag_t kind);
  /** The one entry; null: there is none, or there are several. */
  result<message> search(const std::string& base, int scope, const std::string& filter, const char* attribute);

  const directory_settings& at_;
  const clock::time_point until_;
  time_limit limit_;
  std::unique_ptr<LDAP, unbind> link_;  ///< goes before what it tells
};

bool talk::set_patience() {
  const auto left = std::chrono::duration_cast<std::chrono::microseconds>(until_ - clock::now());
  if (left.count() <= 0) return false;
  timeval t{.tv_sec = left.count() / 1'000'000, .tv_usec = left.count() % 1'000'000};
  ::ldap_set_option(link_.get(), LDAP_OPT_NETWORK_TIMEOUT, &t);
  ::ldap_set_option(link_.get(), LDAP_OPT_TIMEOUT, &t);
  return true;
}

/** Every option that the machine's ldap.conf could say otherwise is set. */
result<void> talk::begin() {
  LDAP* made = nullptr;
  if (const int code = ::ldap_initialize(&made, at_.url.c_str()); code != LDAP_SUCCESS)
    return failed({"准备", "preparing"}, code);
  link_.reset(made);
  const int version = LDAP_VERSION3, never = LDAP_DEREF_NEVER, demand = LDAP_OPT_X_TLS_DEMAND,
            tls = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2, client = 0;
  const char* ca = at_.ca_file.empty() ? system_store : at_.ca_file.c_str();
  int code = ::ldap_set_option(made, LDAP_OPT_PROTOCOL_VERSION, &version);
  code |= ::ldap_set_option(made, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
  code |= ::ldap_set_option(made, LDAP_OPT_DEREF, &never);
  code |= ::ldap_set_option(made, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
  code |= ::ldap_set_option(made, LDAP_OPT_X_TLS_PROTOCOL_MIN, &tls);
  code |= ::ldap_set_option(made, LDAP_OPT_X_TLS_CACERTFILE, ca);
  if (code == LDAP_OPT_SUCCESS) code = ::ldap_set_option(made, LDAP_OPT_X_TLS_NEWCTX, &client);
  code |= ::ldap_set_option(made, LDAP_OPT_CONNECT_CB, limit_.told());
  if (code != LDAP_OPT_SUCCESS)
    return said(both("目录：TLS 无法准备，请核对证书文件 {}", "the directory: TLS cannot be prepared, look at {}", ca));
  if (!set_patience()) return failed(connecting, LDAP_TIMEOUT);
  if (at_.url.starts_with("ldaps:")) return {};  // the first question begins it
  int id = 0;
  const int sent = ::ldap_start_tls(made, nullptr, nullptr, &id);
  const auto answer = next(beginning_tls, sent, id);
  if (!answer) return answer.error();
  const auto said = code_of(beginning_tls, *answer, LDAP_RES_EXTENDED);
  if (!said) return said.error();
  const int started = *said == LDAP_SUCCESS ? ::ldap_install_tls(made) : *said;
  if (started != LDAP_SUCCESS) return failed(beginning_tls, started);
  return {};
}

result<message> talk::next(const phrase& doing, int sent, int id) {
  if (sent != LDAP_SUCCESS) return failed(doing, sent);
  const auto left = std::chrono::duration_cast<std::chrono::microseconds>(until_ - clock::now());
  if (left.count() <= 0) return failed(doing, LDAP_TIMEOUT);
  timeval t{.tv_sec = left.count() / 1'000'000, .tv_usec = left.count() % 1'000'000};
  LDAPMessage* one = nullptr;
  const int kind = ::ldap_result(link_.get(), id, LDAP_MSG_ONE, &t, &one);
  message answer(one);
  if (kind > 0) return answer;
  int why = LDAP_TIMEOUT;
  if (kind < 0) ::ldap_get_option(link_.get(), LDAP_OPT_RESULT_CODE, &why);
  return failed(doing, why);
}

result<int> talk::code_of(const phrase& doing, const message& answer, ber_tag_t kind) {
  int code = LDAP_PROTOCOL_ERROR;
  if (static_cast<ber_tag_t>(::ldap_msgtype(answer.get())) != kind) return failed(doing, code);
  const int read =
      ::ldap_parse_result(link_.get(), answer.get(), &code, nullptr, nullptr, nullptr, nullptr, /*freeit=*/0);
  if (read != LDAP_SUCCESS) return failed(doing, read);
  return code;
}

result<bool> talk::bind(const std::string& dn, const secret& password) {
  if (dn.empty() || password.empty()) return false;  // a server may take that for a visitor and say yes
  if (!set_patience()) return failed(binding, LDAP_TIMEOUT);
  berval given = as_berval(password.reveal());
  int id = 0;
  const int sent = ::ldap_sasl_bind(link_.get(), dn.c_str(), LDAP_SASL_SIMPLE, &given, nullptr, nullptr, &id);
  const auto answer = next(binding, sent, id);
  if (!answer) return answer.error();
  const auto code = code_of(binding, *answer, LDAP_RES_BIND);
  if (!code) return code.error();
  if (*code == LDAP_SUCCESS) return true;
  if (says_no(*code)) return false;
  return failed(binding, *code);
}

result<message> talk::search(const std::string& base, int scope, const std::string& filter, const char* attribute) {
  constexpr int most = 2, most_answers = 16;  // two entries are as bad as none; a forest refers to its parts
  if (!set_patience()) return failed(searching, LDAP_TIMEOUT);
  std::array<char*, 2> wanted{const_cast<char*>(attribute), nullptr};  // it is only read
  int id = 0;
  const int sent = ::ldap_search_ext(link_.get(), base.c_str(), scope, filter.c_str(), wanted.data(), 0, nullptr,
                                     nullptr, nullptr, most, &id);
  message entry;
  for (int i = 0; i < most_answers; ++i) {
    auto answer = next(searching, sent, id);
    if (!answer) return answer.error();
    const int kind = ::ldap_msgtype(answer->get());
    if (kind == LDAP_RES_SEARCH_REFERENCE) continue;
    if (kind != LDAP_RES_SEARCH_ENTRY) {
      const auto code = code_of(searching, *answer, LDAP_RES_SEARCH_RESULT);
      if (!code) return code.error();
      if (*code != LDAP_SUCCESS && *code != LDAP_SIZELIMIT_EXCEEDED && *code != LDAP_NO_SUCH_OBJECT)
        return failed(searching, *code);
      return *code == LDAP_SIZELIMIT_EXCEEDED ? message() : std::move(entry);
    }
    if (entry) {
      ::ldap_abandon_ext(link_.get(), id, nullptr, nullptr);
      return message();
    }
    entry = std::move(*answer);
  }
  return failed(searching, LDAP_PROTOCOL_ERROR);
}

result<std::string> talk::find(const std::string& name) {
  const auto found = search(at_.base, LDAP_SCOPE_SUBTREE, with_name(at_.filter, name), LDAP_NO_ATTRS);
  if (!found) return found.error();
  std::string dn;
  if (*found == nullptr) return result<std::string>(boost::system::in_place_value, dn);
  if (char* text = ::ldap_get_dn(link_.get(), found->get()); text != nullptr) {
    dn = text;
    ::ldap_memfree(text);
  }
  return result<std::string>(boost::system::in_place_value, std::move(dn));
}

result<bool> talk::is_called(const std::string& dn, const std::string& name) {
  const std::string attribute(directory_attribute(at_.user_dn.empty() ? at_.filter : at_.user_dn));
  const auto found = search(dn, LDAP_SCOPE_BASE, "(objectClass=*)", attribute.c_str());
  if (!found) return found.error();
  LDAPMessage* entry = found->get();
  berval** values = entry == nullptr ? nullptr : ::ldap_get_values_len(link_.get(), entry, attribute.c_str());
  if (values == nullptr)
    return said(both("目录：本人的条目里读不到 {}，请让各人可读自己的条目",
                     "the directory: {} cannot be read in one's own entry: let people read theirs", attribute));
  bool same = false;
  for (berval** v = values; *v != nullptr; ++v) same |= std::string_view((*v)->bv_val, (*v)->bv_len) == name;
  ::ldap_value_free_len(values);
  return same;
}

/** By the three ways in which groups name their members. A group that is not there, or that one may not look at, has
 * nobody. */
result<bool> talk::has(const std::string& group, const std::string& dn, const std::string& name) {
  constexpr std::array nobody{LDAP_COMPARE_FALSE,      LDAP_NO_SUCH_OBJECT,         LDAP_NO_SUCH_ATTRIBUTE,
                              LDAP_UNDEFINED_TYPE,     LDAP_INAPPROPRIATE_MATCHING, LDAP_INVALID_SYNTAX,
                              LDAP_INSUFFICIENT_ACCESS};
  for (const auto& [attribute, member] : {std::pair{"member", &dn}, {"uniqueMember", &dn}, {"memberUid", &name}}) {
    if (!set_patience()) return failed(comparing, LDAP_TIMEOUT);
    berval wanted = as_berval(*member);
    int id = 0;
    const int sent = ::ldap_compare_ext(link_.get(), group.c_str(), attribute, &wanted, nullptr, nullptr, &id);
    const auto answer = next(comparing, sent, id);
    if (!answer) return answer.error();
    const auto said = code_of(comparing, *answer, LDAP_RES_COMPARE);
    if (!said) return said.error();
    if (*said == LDAP_COMPARE_TRUE) return true;
    if (std::ranges::find(nobody, *said) == nobody.end()) return failed(comparing, *said);
  }
  return false;
}

}  // namespace

std::string directory_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    out += plain ? std::string(1, c) : fmt::format("\\{:02x}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string_view directory_attribute(std::string_view pattern) {
  const std::size_t end = pattern.find("={user}");
  if (end == std::string_view::npos) return {};
  const std::size_t begin = pattern.find_last_of(",+(&|! ", end) + 1;
  return pattern.substr(begin, end - begin);
}

result<directory_answer> ask_directory(const directory_settings& at, const std::string& name, const secret& password,
                                       milliseconds patience) {
  const auto wrong = [] { return result<directory_answer>(boost::system::in_place_value, std::nullopt); };
  if (name.empty() || password.empty()) return wrong();
  const no_broken_pipe quiet;
  talk with(at, patience);
  if (const auto begun = with.begin(); !begun) return begun.error();
  std::string dn = with_name(at.user_dn, name);
  if (at.user_dn.empty()) {
    const auto looks = with.bind(at.bind_dn, at.bind_password);
    if (!looks) return looks.error();
    if (!*looks) return said({"目录：不认 bind_dn 的密码", "the directory does not take bind_dn and its password"});
    auto found = with.find(name);
    if (!found) return found.error();
    dn = std::move(*found);
  }
  const auto bound = with.bind(dn, password);
  if (!bound) return bound.error();
  if (!*bound) return wrong();
  const auto same = with.is_called(dn, name);
  if (!same) return same.error();
  if (!*same) return wrong();
  std::vector<std::string> groups;
  for (const directory_role& r : at.roles) {
    if (r.group.empty() || std::ranges::find(groups, r.group) != groups.end()) continue;
    const auto theirs = with.has(r.group, dn, name);
    if (!theirs) return theirs.error();  // with fewer groups somebody would be less than they are
    if (*theirs) groups.push_back(r.group);
  }
  return result<directory_answer>(boost::system::in_place_value, std::move(groups));
}

}  // namespace changtong::host
