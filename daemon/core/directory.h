#pragma once
/** A directory of the office (LDAP) that knows passwords which are not kept here, and what its people may do. */
#include <string>
#include <vector>

#include "daemon/core/secret.h"

namespace changtong {

/** Whom the directory knows has these roles: one person by name, or whoever a group has. */
struct directory_role {
  std::string user;   ///< or
  std::string group;  ///< DN
  std::string roles;  ///< names, parted by commas: some that one person may hold
  friend bool operator==(const directory_role&, const directory_role&) = default;
};

struct directory_settings {
  std::string url;               ///< ldaps://host[:636], or ldap://host[:389], which begins TLS at once
  std::string ca_file{};         ///< PEM, whom to believe; empty: the system's store
  std::string user_dn{};         ///< holds ATTRIBUTE={user}; or, where people are looked for,
  std::string base{}, filter{};  ///< the latter holds ATTRIBUTE={user}
  std::string bind_dn{};         ///< who looks
  secret bind_password{};        ///< never empty where there is a bind_dn
  std::vector<directory_role> roles{};
  friend bool operator==(const directory_settings&, const directory_settings&) = default;
};

}  // namespace changtong
