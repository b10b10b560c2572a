#pragma once
/** How a form says that a person, not the rule, gave the points of a row. Pure. */
#include <string>
#include <string_view>

namespace changtong {

/** 由张三评定：酌情扣分 */
[[nodiscard]] inline std::string given_words(const std::string& by, const std::string& why) {
  return "由" + by + "评定：" + why;
}

/** Whether a reason begins so, or goes on so behind ；. `bare`: without blanks, marks half width. */
[[nodiscard]] inline bool tells_who_gave(std::string_view bare) {
  constexpr std::string_view begins = "由", ends = "评定:", next = ";";
  for (std::string_view rest = bare; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find(next));
    const std::size_t at = part.find(ends);
    // between them a name, and no half of a sentence
    if (part.starts_with(begins) && at != std::string_view::npos && at > begins.size() &&
        part.substr(0, at).find(',') == std::string_view::npos)
      return true;
    rest.remove_prefix(part.size() == rest.size() ? rest.size() : part.size() + next.size());
  }
  return false;
}

}  // namespace changtong
