#pragma once
/** The demo's directory: made, filled, and removed again if it was temporary. */
#include <string>

#include "daemon/core/result.h"
#include "daemon/simulate/district.h"

namespace changtong::simulate {

class demo_files {
 public:
  /** `year`: of the evaluation, 2026. `dir` empty: a new temporary directory. Existing files of the demo are
   * overwritten, its ledger is kept. */
  [[nodiscard]] static result<demo_files> write(const district& d, std::string_view listen, std::string_view year,
                                                const std::string& dir, std::string_view webhook = {});
  ~demo_files();
  demo_files(demo_files&& from) noexcept;
  demo_files& operator=(demo_files&&) = delete;

  [[nodiscard]] const std::string& dir() const { return dir_; }
  [[nodiscard]] const std::string& config() const { return config_; }
  /** What the agents accept; in the directory's `community` file, readable by its owner only. */
  [[nodiscard]] const std::string& community() const { return community_; }

 private:
  demo_files() = default;
  std::string dir_, config_, community_;
  bool temporary_ = false;
};

}  // namespace changtong::simulate
