#pragma once
/** Chinese names for a district that does not exist. Pure tables and combinations; names repeat only far beyond the
 * size of a real district. */
#include <cstdint>
#include <string>
#include <string_view>

namespace changtong::simulate {

inline constexpr std::string_view district_name = "云泽区";
inline constexpr std::string_view district_domain = "yunze.test";  ///< in a zone that never exists (RFC 6761)

/** The n-th township: "柳溪镇", a street office first, a 乡 last. */
[[nodiscard]] std::string township_name(std::uint32_t n);
[[nodiscard]] bool is_street(std::uint32_t township);
/** The n-th village 村, or community 社区 under a street office. */
[[nodiscard]] std::string village_name(std::uint32_t n, bool community);
/** The n-th health or education unit that has no township above it. */
[[nodiscard]] std::string district_health_name(std::uint32_t n);
[[nodiscard]] std::string district_school_name(std::uint32_t n);

}  // namespace changtong::simulate
