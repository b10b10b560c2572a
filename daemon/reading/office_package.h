#pragma once
/** A ZIP of parts as office programs write it (XLSX, DOCX): any input is safe, what it unpacks to is bounded. Other
 * than an auditor's pack it may have bytes that nobody needs: Excel itself pads its files. One thread at a time. */
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/core/result.h"

struct zip;

namespace changtong::reading {

inline constexpr std::size_t most_part_bytes = 32 << 20;      ///< unpacked, of one part
inline constexpr std::size_t most_package_bytes = 128 << 20;  ///< of all parts that are asked for

/** Whether the bytes may be an office file of this kind at all. */
[[nodiscard]] bool looks_like_package(std::string_view bytes);
/** The format of Office 97 (.xls, .doc), in which files with a password are wrapped too. */
[[nodiscard]] bool looks_like_old_office(std::string_view bytes);

class office_package {
 public:
  [[nodiscard]] static result<office_package> over(std::string bytes);

  [[nodiscard]] bool has(const std::string& name) const;
  /** Whole; a problem if it is not there, damaged, encrypted or larger than the bounds above. */
  [[nodiscard]] result<std::string> part(const std::string& name);

 private:
  struct closer {
    void operator()(zip* z) const;
  };
  std::unique_ptr<std::string> bytes_;  ///< outlives the archive over it
  std::unique_ptr<zip, closer> archive_;
  std::size_t unpacked_ = 0;
};

/** A copy of the package in which these parts, by name, say something else or are new; the others stay as they are,
 * packed and all. Problem: no sound ZIP, or one that has such a name twice. */
[[nodiscard]] result<std::string> with_parts(std::string bytes,
                                             const std::vector<std::pair<std::string, std::string>>& parts);

}  // namespace changtong::reading
