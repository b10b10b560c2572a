#include "daemon/settings/alert_words.h"

#include "daemon/reading/place.h"

namespace changtong {

std::shared_ptr<const message_words> built_in_words() {
  static const auto words = std::make_shared<const message_words>(
      message_words::read(built_in_alert_words(), "alerts.txt").value());  // its test reads the same file
  return words;
}

namespace reading {

std::shared_ptr<const message_words> read_alert_words(const std::string& path, const surroundings& world,
                                                      findings& found) {
  const auto base = built_in_words();
  if (path.empty()) return base;
  const auto text = world.read(path);
  if (!text) {
    found.error({path, 1, 1},
                both("无法读取告警文字：{}", "cannot read the words of alerts: {}", words_of(text.error())));
    return base;
  }
  auto words = message_words::read(*text, path, base.get());
  if (words) return std::make_shared<const message_words>(std::move(*words));
  for (const problem& p : words.error().list) found.error(path, p);
  return base;
}

}  // namespace reading

}  // namespace changtong
