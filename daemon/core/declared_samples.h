#pragma once
/** What each check of a line or site saw around an outage 原始样本: the samples from ten minutes before it began to ten
 * minutes after, as the verdict took them. The monitor enters it once they are there; no figure depends on it, for the
 * transitions say all that counts. */
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include "daemon/core/fields.h"
#include "daemon/core/instant.h"

namespace changtong {

enum class samples_part : std::uint8_t {
  whole,      ///< of a short outage: from before it to after it
  beginning,  ///< of one that is longer: around its beginning …
  end,        ///< … and around its end
};
[[nodiscard]] constexpr std::string_view name_of(samples_part p) {
  constexpr std::string_view names[]{"whole", "beginning", "end"};
  return names[static_cast<std::size_t>(p)];
}
template <>
struct values_of<samples_part> {
  static constexpr std::array all{samples_part::whole, samples_part::beginning, samples_part::end};
};

struct samples_record {
  wall_t at{};         ///< when it was entered
  std::string target;  ///< whose outage it is
  wall_t about{};      ///< when that began
  samples_part part = samples_part::whole;
  wall_t from{}, to{};    ///< of its first and last sample: memory is bounded, so it may be less than was wanted
  std::int64_t left = 0;  ///< so many pieces were left out since the entry before, for there were too many
  std::string packed;     ///< packed_samples.h
  friend bool operator==(const samples_record&, const samples_record&) = default;
};

/** How much is kept before an outage began, after that, and before and after it ended. */
inline constexpr milliseconds samples_nearness{600'000};

template <>
struct description<samples_record> {
  static constexpr std::string_view kind = "samples";
  static constexpr std::string_view table = "samples", order = "about";
  static constexpr std::array<std::string_view, 1> rows_by{"about"};
  static constexpr int since = 7;  ///< format of the ledger
  static constexpr std::tuple fields{field{&samples_record::at, "at", "登记", "entered"},
                                     field{&samples_record::target, "target", "线路", "line"},
                                     field{&samples_record::about, "about", "中断开始", "outage began"},
                                     field{&samples_record::part, "part", "部分", "part"},
                                     field{&samples_record::from, "from", "首个样本", "first sample"},
                                     field{&samples_record::to, "to", "末个样本", "last sample"},
                                     field{&samples_record::left, "left", "未留", "left out", presence::if_any},
                                     field{&samples_record::packed, "packed", "样本", "samples", presence::if_any}};
};

}  // namespace changtong
