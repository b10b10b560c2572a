#pragma once
/** The cell of addresses. Internal to daemon/sheets. */
#include <string>

#include "daemon/sheets/cell_text.h"

namespace changtong::sheets {

/** `text` is half width, without blanks at its ends. Several addresses may be separated by anything that people use. */
[[nodiscard]] cell_value read_addresses(const std::string& text);

}  // namespace changtong::sheets
