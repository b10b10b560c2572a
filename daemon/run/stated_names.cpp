#include "daemon/run/stated_names.h"

#include <utility>

#include "collectors/net/names.h"

namespace changtong {

host::look_up names_by(std::function<std::vector<name_server>()> servers) {
  return [ask = std::move(servers)](const std::string& host,
                                    const std::stop_token& stop) -> result<std::vector<ip_address>> {
    constexpr milliseconds longest{10'000};
    std::vector<name_server> stated = ask();
    if (stated.empty()) return std::vector<ip_address>{};
    return net::addresses_of(host, std::move(stated), longest, stop);
  };
}

}  // namespace changtong
