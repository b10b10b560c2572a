#pragma once
/** Who may come in and as whom: users, sessions, throttling and the audit log behind one door. Any thread. Asks for the
 * time by what it was given; a password is hashed by one thread at a time. */
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "daemon/accounts/scribe.h"
#include "daemon/accounts/sessions.h"
#include "daemon/accounts/throttle.h"
#include "daemon/accounts/trail.h"
#include "daemon/accounts/trail_page.h"
#include "daemon/accounts/users_file.h"
#include "daemon/core/mutex.h"
#include "daemon/core/refusal_log.h"
#include "daemon/core/secret.h"
#include "daemon/host/directory.h"

namespace changtong::accounts {

/** Somebody whom a request's cookie or token names. */
struct visitor {
  std::string name;
  roles may{};
  bool must_change = false;  ///< may do nothing but change their password and leave
  std::string csrf{};        ///< empty: it came with a token, which no browser sends by itself
};

/** Why nobody was let in. */
struct not_admitted {
  int status = 401;  ///< 400, 401, 429, or 503 where nobody can say who there is
  std::string code;
  phrase why;
  milliseconds wait{0};  ///< of a 429
};
[[noreturn]] void throw_exception_from_error(const not_admitted& n, const boost::source_location&);
template <class T>
using admission = boost::system::result<T, not_admitted>;

struct admitted {
  secret cookie;
  visitor who;
};

class entrance {
 public:
  struct doors {
    std::string ledger;  ///< the files lie beside it
    std::function<wall_t()> wall;
    std::function<mono_t()> mono;
    std::function<void(const std::string&)> tell;  ///< each line of the audit log; may be empty
    scribe::terms audit{};                         ///< how long somebody waits for a line to be kept
    /** What knows the passwords that are not ours; null: nothing. May be empty. Must not block. */
    std::function<std::shared_ptr<const directory_settings>()> directory{};
    /** Whether nobody here could be taken for whom it knows by that name. May be empty. */
    std::function<result<void>(const user_book&, const std::string&)> fits{};
    std::function<decltype(host::ask_directory)> ask = host::ask_directory;
  };
  explicit entrance(doors d);

  /** Whether there are users, so that reading needs one. True as well while nobody can say. */
  [[nodiscard]] bool in_use();
  /** Whether the file of users can be read: if not, nobody's cookie or token is known, and none is wrong. */
  [[nodiscard]] bool can_tell() { return book() != nullptr; }
  /** `by_itself`: a page asks that lies open, and nobody is at it. That keeps no session alive. */
  [[nodiscard]] std::optional<visitor> by_cookie(std::string_view cookie, bool by_itself = false);
  [[nodiscard]] std::optional<visitor> by_token(std::string_view token);
  /** Whom a trusted proxy names: a user of ours who is not disabled, with the roles they have here. Their password, and
   * whether they have one, does not matter. The first time, and once a session would be over, that is a login. */
  [[nodiscard]] std::optional<visitor> by_proxy(std::string_view name, std::string_view peer);

  [[nodiscard]] admission<admitted> sign_in(const std::string& name, const secret& password, std::string_view peer);
  /** By the link that was given out, once: sets the password and lets in. */
  [[nodiscard]] admission<admitted> accept(std::string_view invitation, const secret& password, std::string_view peer);
  /** Their other sessions end with the old password; the answer opens a new one. */
  [[nodiscard]] admission<admitted> change_password(const visitor& who, const secret& old, const secret& fresh,
                                                    std::string_view peer);
  void sign_out(std::string_view cookie, std::string_view peer);

  // -- those who are there, for whom the administrator is --
  [[nodiscard]] result<std::shared_ptr<const user_book>> users() { return users_.get(); }
  /** Changes who may sign in, and says in the audit log that `by` did, from where, and `what`. */
  result<void> change_users(const trail_entry& by, const std::function<result<void>(user_book&)>& what);
  /** What a link has to carry (users_file.h); serves a day. */
  [[nodiscard]] result<secret> invite(const trail_entry& by, const std::string& name, const roles& may_if_new,
                                      const std::function<result<void>(const user_book&)>& fits);
  /** Nothing while another one is read: it costs seconds where the log is large. */
  [[nodiscard]] std::optional<result<trail_page>> read_trail(const trail_query& q);
  static constexpr std::chrono::hours link_serves{24};

  /** Into the audit log. */
  void note(trail_entry e);
  /** A read of evidence: of one person from one address the first in ten minutes of each `of`, since a page that stays
   * open asks every few seconds. Of `of` 512 bytes count. */
  void note_read(std::string_view who, std::string_view peer, std::string_view of);
  /** A change, or (`status` other than 200, `code` why) the try of one: of one person the first ten tries a minute,
   * then the hundredth, the thousandth. */
  void note_change(std::string_view who, std::string_view peer, std::string_view of, int status, std::string_view code);

 private:
  /** Each has a log of its own: who floods one hides nothing of another. `no_role`: the directory knows them, and
   * nothing here says what they may; `silent`: it does not answer, or is asked too much at once. */
  enum class refusal : std::uint8_t { throttled, disabled, wrong_password, wrong_link, unknown_user, no_role, silent };
  struct proof {
    user who;                                          ///< whose password was right
    std::optional<std::vector<std::string>> groups{};  ///< of whom the directory knows
  };
  [[nodiscard]] std::shared_ptr<const user_book> book();
  [[nodiscard]] admitted let_in(const proof& who);
  [[nodiscard]] std::shared_ptr<const directory_settings> directory() const;
  [[nodiscard]] bool right_password(const secret& given, const std::string& hash);
  /** Who it is, throttled. */
  admission<proof> proven(const std::string& name, const secret& password, std::string_view peer);
  admission<proof> proven_elsewhere(const user_book& all, const std::string& name, const secret& password,
                                    std::string_view peer);
  /** By whom `may`, asked under the file's lock: of two who come with one link, one is let in. Else `otherwise`. */
  admission<admitted> set_password(const std::string& name, const secret& fresh, std::string_view peer,
                                   std::string_view how, const std::function<bool(const user_book&)>& may,
                                   const not_admitted& otherwise);
  /** Into the audit log: of one neighbourhood and one reason the first ten a minute, then the hundredth, the
   * thousandth. Not under a lock: the disk may be slow. */
  void refused(std::string_view name, std::string_view peer, refusal why);

  doors doors_;
  users_file users_;
  trail trail_;
  refusal_log unreadable_, changes_;
  std::array<refusal_log, 7> strangers_;  ///< by refusal
  std::atomic<bool> reading_trail_{false};
  /** The last try of that name is nobody's mistake. */
  void undecided(const std::string& name, const std::string& from);
  std::atomic<const void*> silent_{nullptr};    ///< the settings whose directory did not answer; a reload asks anew
  std::atomic<mono_t> silent_until_{mono_t{}};  ///< and until when it is let alone
  std::atomic<int> asking_{0};                  ///< questions to the directory that are under way
  mutex hashing_;
  mutex mutex_;
  session_table sessions_ GUARDED_BY(mutex_);
  throttle mistakes_ GUARDED_BY(mutex_);
  std::map<std::string, mono_t, std::less<>> reads_ GUARDED_BY(mutex_);
  scribe scribe_;  ///< writes what waits before anything of the others goes
};

}  // namespace changtong::accounts
