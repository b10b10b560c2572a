#include "daemon/run/site_visit.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "collectors/wire/web_address.h"

namespace changtong {
namespace {

/** A check says it in Chinese, and again in English in brackets behind it; what a library says is English alone, and
 * says no more than the cause does. */
std::string chinese_part(std::string text) {
  if (std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) return {};
  const std::size_t open = text.rfind(" (");
  if (open != std::string::npos && open > 0 && text.ends_with(')')) text.resize(open);
  return text;
}

std::string certificate_of(const board& b, target_index site, wall_t now) {
  for (const fact_view& f : b.facts_of(site))
    if (const auto expires = f.value(fact_name::certificate_expiry_seconds)) {
      const auto left = std::chrono::floor<std::chrono::days>(wall_from_ms(*expires * 1000) - now).count();
      return left < 0 ? fmt::format("证书已过期 {} 天", -left) : fmt::format("证书还有 {} 天到期", left);
    }
  return {};
}

/** A question that nobody answers says nothing of itself. */
std::string without_words(const target& t, cause why) {
  const auto url = wire::parse_web_address(t.url);
  if (!url || why != cause::name_not_found) return {};
  return "域名 " + url->host + " 没有解析结果";
}

}  // namespace

std::string visited(const board& b, target_index site, cause why, wall_t now) {
  const target& t = b.districts->targets[site];
  for (check_index c = t.first_check; c < t.first_check + t.check_count; ++c) {
    if (b.districts->checks[c].role == check_role::health) continue;
    std::string seen = chinese_part(b.said.of(c));
    if (seen.empty()) continue;
    const bool of_certificate = seen.find("证书") != std::string::npos;
    const std::string ends = of_certificate ? certificate_of(b, site, now) : std::string();
    return ends.empty() ? seen : seen + "，" + ends;
  }
  return without_words(t, why);
}

}  // namespace changtong
