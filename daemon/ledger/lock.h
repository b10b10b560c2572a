#pragma once
/** One writer a ledger. The lock belongs to the file, whatever name it was opened by, and is given back when the
 * process ends however it ends.
 *
 * It is an open-file-description lock (fcntl, Linux) on one byte far behind SQLite's own: unlike flock(2) it is never
 * taken for a lock on SQLite's bytes where a file system makes one of the other (NFS), and unlike plain POSIX locks it
 * outlives the closing of other descriptors. Programs up to 0.3.0 lock LEDGER.lock with flock instead; that lock is
 * taken too, beside the real name and beside the one that was given. */
#include <sys/types.h>

#include <array>
#include <string>
#include <vector>

namespace changtong::ledger {

class file_lock {
 public:
  /** Makes the file (0640) if it is not there; the folder must be. Throws a refusal, with the remedy, if another
   * process has the lock, if the file has a second hard link, or if the name is a mount of the file alone: SQLite's log
   * lies beside the name, so a second name of the file would have a log of its own and destroy the book. The lock files
   * stay: removing them would let two in. */
  explicit file_lock(const std::string& ledger);
  ~file_lock();
  file_lock(const file_lock&) = delete;
  file_lock& operator=(const file_lock&) = delete;

  /** Where symbolic links lead: the ledger's one name, and that of the files beside it. */
  [[nodiscard]] const std::string& name() const { return name_; }
  /** Throws a refusal if the file, or SQLite's log or index beside it, is no longer the one under its name: what is
   * written then would be lost. May be asked again, for it can be put back. A new hard link is logged once. */
  void still_there();

 private:
  struct identity {
    dev_t device = 0;
    ino_t node = 0;  ///< 0: no file
    friend bool operator==(const identity&, const identity&) = default;
  };
  static identity identity_of(const std::string& path);
  void lock_older(const std::string& path, bool needed);
  void lock_file();
  void refuse_other_names() const;
  void give_back();

  std::string name_;
  std::vector<int> older_;         ///< LEDGER.lock
  int fd_ = -1;                    ///< the ledger itself; never read or written here
  std::array<identity, 3> known_;  ///< the ledger, its log, its index
  bool linked_ = false;            ///< a second hard link was told
};

/** While one lives this process has a connection to a ledger. Closing any descriptor of a file drops all POSIX locks
 * that the process has on it, SQLite's of other connections too: so our own descriptors of a ledger are closed only
 * when no connection is left. */
class connection_mark {
 public:
  connection_mark();
  ~connection_mark();
  connection_mark(const connection_mark&) = delete;
  connection_mark& operator=(const connection_mark&) = delete;
};

/** Opens a ledger to read and write, makes it with mode 0640 where it is not there. Throws a refusal. */
[[nodiscard]] int open_ledger_file(const std::string& path);
/** Now, or when the last connection_mark is gone. */
void close_ledger_file(int fd);

}  // namespace changtong::ledger
