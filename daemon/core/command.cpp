#include "daemon/core/command.h"

#include <stdexcept>

namespace changtong {

void throw_exception_from_error(const refused& r, const boost::source_location&) {
  throw std::logic_error(r.code + ": " + r.text_en);
}

}  // namespace changtong
