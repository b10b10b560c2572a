#include "daemon/core/device_profile.h"

#include <algorithm>
#include <charconv>

namespace changtong {

const device_profile* profile_named(const device_profiles& all, std::string_view name) {
  const auto found = std::ranges::find(all, name, &device_profile::name);
  return found == all.end() ? nullptr : &*found;
}

const device_profile* profile_for(const device_profiles& all, const object_parts& system) {
  const device_profile* best = nullptr;
  std::size_t longest = 0;
  for (const device_profile& p : all)
    for (const object_parts& o : p.objects) {
      if (o.size() <= longest || o.size() > system.size() || !std::equal(o.begin(), o.end(), system.begin())) continue;
      best = &p;
      longest = o.size();
    }
  return best != nullptr ? best : profile_named(all, generic_profile);
}

std::optional<object_parts> parse_object(std::string_view text) {
  constexpr std::size_t least = 2, most = 64;
  object_parts parts;
  if (text.starts_with('.')) text.remove_prefix(1);
  while (true) {
    const std::string_view one = text.substr(0, text.find('.'));
    std::uint32_t n = 0;
    const auto [end, error] = std::from_chars(one.data(), one.data() + one.size(), n);
    if (one.empty() || error != std::errc{} || end != one.data() + one.size() || parts.size() == most)
      return std::nullopt;
    parts.push_back(n);
    if (one.size() == text.size()) break;
    text.remove_prefix(one.size() + 1);
  }
  if (parts.size() < least || parts[0] > 2 || (parts[0] < 2 && parts[1] >= 40)) return std::nullopt;
  return parts;
}

std::string object_text(const object_parts& parts) {
  std::string text;
  for (const std::uint32_t n : parts) text.append(text.empty() ? "" : ".").append(std::to_string(n));
  return text;
}

}  // namespace changtong
