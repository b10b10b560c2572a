#pragma once
/** A disk that keeps what was synced and nothing else.
 *
 * The test program answers fsync() and fdatasync() itself, for its own code and for SQLite: the kernel's is called, and
 * of a folder that is watched it is noted what is durable now - of a file its bytes, of a folder the names in it.
 * after_a_cut() writes that, and only that, into another folder, as a machine finds it whose power came back. It is
 * harsher than most disks: what nobody asked to be written is always lost. Include it in one test file of a program. */
#include <dirent.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <string>

namespace changtong::ledger {

class power_cut {
 public:
  explicit power_cut(std::filesystem::path folder) : folder_(std::move(folder)) { watching() = this; }
  ~power_cut() { watching() = nullptr; }
  power_cut(const power_cut&) = delete;
  power_cut& operator=(const power_cut&) = delete;

  void after_a_cut(const std::filesystem::path& into) {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, file] : names_)
      std::ofstream(into / name, std::ios::binary) << bytes_[file];  // of a file that was never synced: nothing
  }

  static void synced(int fd) {
    if (watching() != nullptr) watching()->note(fd);
  }

 private:
  static power_cut*& watching() {
    static power_cut* one = nullptr;
    return one;
  }
  void note(int fd) {
    const std::lock_guard lock(mutex_);
    std::error_code failed;
    const auto path = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), failed);
    struct stat about{};
    if (failed || ::fstat(fd, &about) != 0) return;
    if (S_ISDIR(about.st_mode) && path == folder_) {
      names_.clear();
      for (const auto& e : std::filesystem::directory_iterator(folder_)) {
        struct stat one{};
        if (::stat(e.path().c_str(), &one) == 0) names_[e.path().filename().string()] = one.st_ino;
      }
    } else if (S_ISREG(about.st_mode) && path.parent_path() == folder_) {
      std::ifstream in("/proc/self/fd/" + std::to_string(fd), std::ios::binary);
      bytes_[about.st_ino] = {std::istreambuf_iterator<char>(in), {}};
    }
  }

  std::filesystem::path folder_;
  std::mutex mutex_;
  std::map<std::string, ino_t> names_;
  std::map<ino_t, std::string> bytes_;
};

}  // namespace changtong::ledger

extern "C" {
inline int changtong_test_sync(long call, int fd) {
  const auto done = static_cast<int>(::syscall(call, fd));
  if (done == 0) changtong::ledger::power_cut::synced(fd);
  return done;
}
__attribute__((visibility("default"))) int fsync(int fd) { return changtong_test_sync(SYS_fsync, fd); }
__attribute__((visibility("default"))) int fdatasync(int fd) { return changtong_test_sync(SYS_fdatasync, fd); }
}
