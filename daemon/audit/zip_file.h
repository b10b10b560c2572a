#pragma once
/** ZIP files, written once and read with suspicion. The one door to libzip. One thread at a time. */
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"

struct zip;

namespace changtong::audit {

struct zip_member {
  std::string name;
  std::uint64_t size = 0;  ///< unpacked, as the archive states it; read() never gives more
  std::uint64_t place = 0;
};

inline constexpr std::size_t most_members = 64;             ///< a pack has about twenty; an XLSX fewer
inline constexpr std::uint64_t most_unpacked = 1ULL << 40;  ///< of all members together
inline constexpr std::uint64_t most_ratio = 1000;           ///< unpacked : packed, of what is larger than 1 MiB

/** Opens only what is plainly a list of files: at most `most_members`, deflated or stored, not encrypted, no name
 * twice, none that leaves its folder, stated sizes within the bounds above, and no byte that belongs to no file
 * (zip_layout.h). */
class zip_reader {
 public:
  /** A file that cannot be opened at all has a `problem` without a `file`; one that is no acceptable ZIP names it. */
  [[nodiscard]] static result<zip_reader> open(const std::string& path);
  /** Over bytes, which are kept. */
  [[nodiscard]] static result<zip_reader> over(std::string bytes);

  [[nodiscard]] const std::vector<zip_member>& members() const { return members_; }
  [[nodiscard]] const zip_member* find(std::string_view name) const;
  /** Unpacks in pieces; `each` returning false stops, and that is no problem. */
  [[nodiscard]] result<void> read(const zip_member& m, const std::function<bool(std::string_view)>& each) const;
  /** Whole; a problem if it is larger than `most` bytes. */
  [[nodiscard]] result<std::string> text(const zip_member& m, std::uint64_t most) const;

 private:
  struct closer {
    void operator()(zip* z) const;
  };
  [[nodiscard]] result<void> list();
  std::unique_ptr<std::string> bytes_;  ///< outlives the archive over it
  std::unique_ptr<zip, closer> archive_;
  std::vector<zip_member> members_;
};

/** Collects members, then writes all of them in one go. What is not closed leaves no file. */
class zip_writer {
 public:
  /** `path` must not exist. `mtime`: Unix seconds, of every member. */
  [[nodiscard]] static result<zip_writer> create(const std::string& path, std::int64_t mtime);
  /** `text` is kept until close(). */
  [[nodiscard]] result<void> add_text(const std::string& name, std::string text);
  /** The file is read at close(). */
  [[nodiscard]] result<void> add_file(const std::string& name, const std::string& path);
  /** `progress` hears the part done, 0 to 1; returning false stops with a problem. */
  [[nodiscard]] result<void> close(const std::function<bool(double)>& progress);

 private:
  struct discarder {
    void operator()(zip* z) const;
  };
  [[nodiscard]] result<void> add(const std::string& name, void* source);
  std::vector<std::unique_ptr<std::string>> texts_;
  std::unique_ptr<zip, discarder> archive_;
  std::string path_;
  std::int64_t mtime_ = 0;
};

}  // namespace changtong::audit
