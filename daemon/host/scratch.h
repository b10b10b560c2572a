#pragma once
/** A folder for files that are only needed meanwhile; gone with its owner. */
#include <filesystem>
#include <string>

#include "daemon/core/result.h"

namespace changtong::host {

class scratch {
 public:
  /** A new folder inside `where`, which is there. */
  [[nodiscard]] static result<scratch> make(const std::filesystem::path& where);
  ~scratch();
  scratch(scratch&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  scratch& operator=(scratch&&) = delete;
  [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  explicit scratch(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace changtong::host
