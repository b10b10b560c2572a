#pragma once
/** Who there is, decided without a file and without a clock; the file's text too. Names are compared as they are
 * written: whoever adds one has looked that nobody could take it for another. */
#include <string>
#include <string_view>
#include <vector>

#include "daemon/accounts/roles.h"
#include "daemon/core/instant.h"
#include "daemon/core/result.h"

namespace changtong::accounts {

struct user {
  std::string name;
  std::string password{};  ///< as password.h hashes it; empty: none yet, so nobody signs in by this name
  roles may{};
  bool disabled = false;
  bool directory = false;    ///< the office's directory knows the password, and none is kept here
  bool must_change = false;  ///< somebody else knows the password: all that is open is changing it
  wall_t since{};            ///< of the password
  [[nodiscard]] bool can_sign_in() const { return !disabled && (directory || !password.empty()); }
  friend bool operator==(const user&, const user&) = default;
};

/** A link by which a user sets their password, once. */
struct invitation {
  std::string user;
  std::string digest;  ///< SHA-256 of what the link carries, in hex
  wall_t until{};
  friend bool operator==(const invitation&, const invitation&) = default;
};

/** A bearer token that may read and nothing else. */
struct read_token {
  std::string name;
  std::string digest;
  wall_t made{};
  friend bool operator==(const read_token&, const read_token&) = default;
};

class user_book {
 public:
  [[nodiscard]] static result<user_book> read(std::string_view text);
  [[nodiscard]] std::string text() const;

  [[nodiscard]] const user* find(std::string_view name) const;
  /** Whether the password that `then` had still lets them in: nobody has set another since, or disabled them. */
  [[nodiscard]] bool still_opens(const user& then) const;
  [[nodiscard]] const std::vector<user>& users() const { return users_; }
  [[nodiscard]] const std::vector<read_token>& tokens() const { return tokens_; }
  /** Whether somebody can sign in, or could if nobody had disabled them: from then on nobody reads without. */
  [[nodiscard]] bool in_use() const;
  [[nodiscard]] const read_token* token_of(std::string_view digest) const;

  result<void> add(user u);
  /** The last one stays: without users, reading would be open to everybody again. Of these three none takes away the
   * last administrator who can sign in, unless `even_the_last`. */
  result<void> remove(std::string_view name, bool even_the_last = false);
  result<void> give(std::string_view name, roles may, bool even_the_last = false);
  result<void> disable(std::string_view name, bool yes, bool even_the_last = false);
  /** Voids their invitations. */
  result<void> set_password(std::string_view name, std::string hash, bool must_change, wall_t now);
  /** Voids what invited them before. */
  result<void> invite(std::string_view name, std::string digest, wall_t until);
  /** Whom it invites; nobody by one that is not known, over, or of somebody disabled. */
  [[nodiscard]] const user* invited(std::string_view digest, wall_t now) const;
  result<void> add_token(read_token t);
  result<void> remove_token(std::string_view name);
  friend bool operator==(const user_book&, const user_book&) = default;

 private:
  [[nodiscard]] result<user*> known(std::string_view name);
  [[nodiscard]] result<void> is_not_last(std::string_view name, bool even_the_last) const;

  std::vector<user> users_;
  std::vector<invitation> invitations_;
  std::vector<read_token> tokens_;
};

}  // namespace changtong::accounts
