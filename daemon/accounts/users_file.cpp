#include "daemon/accounts/users_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "daemon/accounts/key.h"
#include "daemon/accounts/turn.h"
#include "daemon/core/log.h"
#include "daemon/core/system_words.h"
#include "daemon/host/plain_file.h"

namespace changtong::accounts {
namespace {

constexpr std::size_t most_bytes = 4 << 20;

}  // namespace

users_file::users_file(const std::string& ledger) : path_(ledger + ".users") {}

users_file::stamp users_file::stamp_now() const {
  struct stat about{};
  if (::lstat(path_.c_str(), &about) != 0) return {.failed = errno};
  return {.changed_ns = about.st_mtim.tv_sec * 1'000'000'000LL + about.st_mtim.tv_nsec,
          .size = about.st_size,
          .node = about.st_ino,
          .failed = 0};
}

/** Only a file that is certainly not there means that there are no users. */
result<user_book> users_file::read(const stamp& seen) const {
  if (seen.failed == ENOENT && !had_users_ && !host::plain_file_exists(sign())) return user_book{};
  if (seen.failed == ENOENT) return gone();
  if (seen.failed != 0) return about(path_, said(system_words(seen.failed)));
  const auto text = host::read_plain_file(path_, most_bytes);
  if (!text) return about(path_, text.error());
  auto book = user_book::read(*text);
  if (!book) return about(path_, book.error());
  return book;
}

problem users_file::gone() const {
  return about(path_,
               said(both("用户文件不见了：在从备份放回之前谁也不能登录；确实不要用户，就停下，删去 {} 再启动",
                         "the file of users is gone: nobody comes in until it is back from a backup; to have no users, "
                         "stop, remove {} and start anew",
                         sign())));
}

std::optional<problem> users_file::is_missing() {
  if (stamp_now().failed != ENOENT || !host::plain_file_exists(sign())) return std::nullopt;
  return gone();
}

/** Before the users themselves: a crash between the two shuts, and does not open. */
result<void> users_file::leave_sign(const user_book& book) const {
  if (!book.in_use() || host::plain_file_exists(sign())) return {};
  constexpr std::string_view text =
      "这里有过用户：没有用户文件就不启动，见 changtong user / there were users here: without their file nothing "
      "starts\n";
  if (auto made = host::replace_plain_file(sign(), text, 0600); !made) return about(sign(), made.error());
  give_to_owner_of_folder(sign());
  return {};
}

result<std::shared_ptr<const user_book>> users_file::get() {
  const holding lock(mutex_);
  const stamp now = stamp_now();
  if (last_ && now == read_) return last_;
  auto book = read(now);
  if (!book) {
    last_.reset();
    return book.error();
  }
  had_users_ = had_users_ || !book->users().empty();
  if (const auto left = leave_sign(*book); !left) log::warn("{}", changtong::to_string(left.error()));
  last_ = std::make_shared<const user_book>(std::move(*book));
  read_ = now;
  return last_;
}

result<void> users_file::change(const std::function<result<void>(user_book&)>& what) {
  const turn mine(path_ + ".lock");
  auto book = [&] {
    const holding lock(mutex_);
    return read(stamp_now());
  }();
  if (!book) return book.error();
  if (auto done = what(*book); !done) return done;
  if (auto left = leave_sign(*book); !left) return left;
  if (auto written = host::replace_plain_file(path_, book->text(), 0600); !written)
    return about(path_, written.error());
  give_to_owner_of_folder(path_);
  return {};
}

result<secret> invite(users_file& users, const std::string& name, const roles& may_if_new, wall_t until,
                      const std::function<result<void>(const user_book&)>& fits) {
  secret key = new_key();
  const auto done = users.change([&](user_book& b) -> result<void> {
    if (fits)
      if (auto fit = fits(b); !fit) return fit;
    if (b.find(name) == nullptr) {
      if (auto added = b.add({.name = name, .may = may_if_new}); !added) return added;
    }
    return b.invite(name, digest_of_key(key.reveal()), until);
  });
  if (!done) return done.error();
  return key;
}

std::string link_of(const std::string& base, const secret& key) {
  return base + "console/#/welcome?key=" + key.reveal();
}

}  // namespace changtong::accounts
