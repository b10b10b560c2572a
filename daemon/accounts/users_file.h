#pragma once
/** The users, in LEDGER.users (0600). Read anew when it has changed, so what `changtong user` does holds at once. Once
 * somebody can sign in, LEDGER.users.were lies beside it: a file of users that is gone later opens the house to nobody.
 * Any thread, several processes. */
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/accounts/user_book.h"
#include "daemon/core/mutex.h"
#include "daemon/core/result.h"
#include "daemon/core/secret.h"

namespace changtong::accounts {

class users_file {
 public:
  explicit users_file(const std::string& ledger);

  /** Never null. One that cannot be read, or is gone after there were users, is a problem each time: nobody may take it
   * for one without users. */
  [[nodiscard]] result<std::shared_ptr<const user_book>> get();
  /** Changes what is there now, all or nothing; durable when it returns. */
  result<void> change(const std::function<result<void>(user_book&)>& what);
  [[nodiscard]] const std::string& path() const { return path_; }
  /** Why a daemon must not begin: there were users, and their file is not there. */
  [[nodiscard]] std::optional<problem> is_missing();

 private:
  struct stamp {
    std::int64_t changed_ns = 0, size = -1;
    std::uint64_t node = 0;
    int failed = 0;  ///< errno of looking at it
    friend bool operator==(const stamp&, const stamp&) = default;
  };
  [[nodiscard]] stamp stamp_now() const;
  [[nodiscard]] result<user_book> read(const stamp& seen) const REQUIRES(mutex_);
  [[nodiscard]] problem gone() const;
  [[nodiscard]] std::string sign() const { return path_ + ".were"; }
  result<void> leave_sign(const user_book& book) const;

  std::string path_;
  mutex mutex_;
  stamp read_ GUARDED_BY(mutex_){};
  std::shared_ptr<const user_book> last_ GUARDED_BY(mutex_);
  bool had_users_ GUARDED_BY(mutex_) = false;
};

/** What a link has to carry so that this user sets a password by it, once and before `until`. Somebody who is not known
 * yet is added with `may_if_new`. `fits` (may be empty) is asked before, under the file's lock. */
[[nodiscard]] result<secret> invite(users_file& users, const std::string& name, const roles& may_if_new, wall_t until,
                                    const std::function<result<void>(const user_book&)>& fits = {});
/** Where the console reads it: behind #, so that no server, proxy or log is sent it. */
[[nodiscard]] std::string link_of(const std::string& base, const secret& key);

}  // namespace changtong::accounts
