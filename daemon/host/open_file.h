#pragma once
/** What reading and writing of files is made of, for this folder alone. */
#include <string>
#include <string_view>

namespace changtong::host {

/** A descriptor that is closed on every way out. */
struct open_file {
  int fd;
  explicit open_file(int descriptor) : fd(descriptor) {}
  ~open_file();
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
};

/** All of it, however often the system is interrupted; errno says why not. */
[[nodiscard]] bool write_all(int fd, std::string_view text);
/** A new name is durable only once its folder is. */
[[nodiscard]] bool sync_folder_of(const std::string& path);

}  // namespace changtong::host
