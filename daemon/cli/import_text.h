#pragma once
/** A preview for a person; `confirmed`: the guessed categories are being kept, so nobody is asked. */
#include <string>

#include "daemon/sheets/preview.h"

namespace changtong {

void print_preview(const sheets::preview& p, const std::string& file, bool confirmed);

}  // namespace changtong
