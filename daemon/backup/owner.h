#pragma once
/** Whose a file is, by name: numbers differ from machine to machine. Any thread. */
#include <string>

struct stat;

namespace changtong::backup {

struct owner {
  std::string user, group;  ///< empty where the system knows none
};
[[nodiscard]] owner owner_of(const struct stat& about);
/** As far as this process may and the system knows them; false where it does not. */
[[nodiscard]] bool give_to(const std::string& path, const owner& to);

}  // namespace changtong::backup
