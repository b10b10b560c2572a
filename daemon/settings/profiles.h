#pragma once
/** Profiles of devices (config/profiles): what a maker's devices tell by SNMP beyond the standard. Those of the program
 * are part of it; the key `profiles` names files of one's own, which stand in for those of the same name. */
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/device_profile.h"
#include "daemon/reading/place.h"
#include "daemon/settings/settings.h"

namespace changtong {

/** What a profile may tell: a number of a device or an interface that a collector asks for only by profile. */
inline constexpr std::array facts_of_profiles{fact_name::processor_use,         fact_name::memory_use,
                                              fact_name::temperature,           fact_name::fans_failed,
                                              fact_name::power_supplies_failed, fact_name::optical_receive_power,
                                              fact_name::optical_transmit_power};

/** Their files, as they were when the program was built. */
std::string_view profile_generic();
std::string_view profile_h3c_comware();
std::string_view profile_huawei_vrp();
std::string_view profile_ruijie();
std::string_view profile_zte();

[[nodiscard]] std::shared_ptr<const device_profiles> built_in_profiles();

namespace reading {

/** One file's; everything wrong goes to `found`. `file` outlives it. */
[[nodiscard]] device_profile read_profile_file(const std::string& text, std::string_view file, findings& found);

/** The built-in ones with those of `files` laid over; the files' names outlive `found`. `written`: where the
 * configuration names each of them, as many as `files`; one that cannot be read is reported there. */
[[nodiscard]] std::shared_ptr<const device_profiles> read_profiles(const std::vector<std::string>& files,
                                                                   const std::vector<place>& written,
                                                                   const surroundings& world, findings& found);

}  // namespace reading
}  // namespace changtong
