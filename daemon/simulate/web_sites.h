#pragma once
/** The district's websites: tiny HTTP servers on 127/8 with a Chinese page. A site's outage is an answer that says so
 * (site_pages.h), not a closed port; a slow site answers late.
 *
 * Everything runs on the thread of the io_context, which must outlive the sites; so must the district. Bounded: at most
 * 64 visitors at once, 8 KiB of header, 15 s each. */
#include <cstdint>
#include <memory>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/result.h"
#include "daemon/simulate/district.h"

namespace boost::asio {
class io_context;
}

namespace changtong::simulate {

struct site_condition {
  bool failing = false;
  milliseconds delay{0};
};

class web_sites {
 public:
  [[nodiscard]] static result<std::unique_ptr<web_sites>> open(boost::asio::io_context& io, const district& d);
  ~web_sites();
  web_sites(const web_sites&) = delete;
  web_sites& operator=(const web_sites&) = delete;

  /** Holds for every answer that begins afterwards. */
  void set(std::uint32_t site, site_condition to);

 private:
  web_sites() = default;
  struct one;
  std::vector<std::shared_ptr<one>> sites_;  ///< shared with the visits under way
};

}  // namespace changtong::simulate
