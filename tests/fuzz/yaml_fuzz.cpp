// Any bytes as the configuration: settings within their bounds, or problems with a place that never show the secret.
#include <cstdlib>

#include "daemon/settings/settings.h"
#include "tests/settings/fake_kinds.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong;
  const std::string yaml(reinterpret_cast<const char*>(bytes), size);
  constexpr const char* hidden = "gu4rded-w0rd-0123456789";
  if (yaml.find(hidden) != std::string::npos) return 0;  // the fuzzer learns the word by watching comparisons
  const surroundings world{.read = [&](const std::string& path) -> result<std::string> {
                             return result<std::string>(boost::system::in_place_value,
                                                        path == "c.yaml" ? yaml
                                                        : path == "secret"
                                                            ? hidden
                                                            : "id,category,address\nV1,village,192.0.2.7\n");
                           },
                           .environment = [&](const std::string&) { return std::optional<std::string>(hidden); },
                           .open_to_others = [](const std::string&) { return true; },
                           .kinds = fakes::fake_kinds()};
  const auto r = load("c.yaml", world);
  std::string shown;
  for (const problem& p : r ? r->warnings : r.error().list) {
    shown += to_string(p);
    if (!p.file.empty() && (p.line < 1 || p.column < 1)) std::abort();
  }
  if (r) {
    shown += describe(*r) + policy_json(r->value);
    for (const check& c : r->value.targets->checks)
      if (c.when.fast_interval > c.when.interval || c.when.interval < milliseconds(100) || c.settings == nullptr)
        std::abort();
  }
  if (shown.find(hidden) != std::string::npos) std::abort();
  return 0;
}
