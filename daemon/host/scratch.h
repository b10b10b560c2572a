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

/** A folder of our own, made by whoever holds it, removed with all that is in it. */
struct passing_folder {
  std::string path;  ///< empty: none
  passing_folder() = default;
  ~passing_folder();
  passing_folder(const passing_folder&) = delete;
  passing_folder& operator=(const passing_folder&) = delete;
};

}  // namespace changtong::host
