#pragma once
/** The district's name server: one UDP socket in 127/8 that answers as domain_reply.h says. Runs on the thread of the
 * io_context, which must outlive it; so must the district. */
#include <memory>

#include "daemon/core/result.h"
#include "daemon/simulate/district.h"

namespace boost::asio {
class io_context;
}

namespace changtong::simulate {

class domain_server {
 public:
  [[nodiscard]] static result<std::unique_ptr<domain_server>> open(boost::asio::io_context& io, const district& d);
  ~domain_server();
  domain_server(const domain_server&) = delete;
  domain_server& operator=(const domain_server&) = delete;

 private:
  struct door;
  explicit domain_server(std::shared_ptr<door> d);
  std::shared_ptr<door> door_;  ///< shared with the wait for the next question
};

}  // namespace changtong::simulate
