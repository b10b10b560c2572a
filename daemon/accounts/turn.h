#pragma once
/** One process at a time at the files beside a ledger: the daemon and `changtong user` change the same ones. */
#include <string>

namespace changtong::accounts {

class turn {
 public:
  /** Waits for it. `file` is made (0600) if it is not there, and stays. Where it cannot be made there is no turn: the
   * files could not be written either, and say why. */
  explicit turn(const std::string& file);
  ~turn();
  turn(const turn&) = delete;
  turn& operator=(const turn&) = delete;

 private:
  int fd_ = -1;
};

/** What an administrator makes belongs to whom the folder belongs, such as the daemon's own user. */
void give_to_owner_of_folder(const std::string& file);

}  // namespace changtong::accounts
