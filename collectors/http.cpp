#include "collectors/http.h"
namespace changtong {
kind_entry http_kind() {
  return {[](const kind_arguments&) -> result<std::shared_ptr<const check_settings>> {
            return problem{"http: not built yet"};
          },
          [](boost::asio::io_context&, answer_sink&) -> std::unique_ptr<collector> { return nullptr; }, false, ""};
}
}  // namespace changtong
