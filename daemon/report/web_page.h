#pragma once
/** A document as one HTML file that needs nothing else: inline CSS also for print (A4 landscape), no script, no font or
 * picture from elsewhere. Well-formed as XML too, so that a strict reader can check it. Pure. */
#include <string>

#include "daemon/report/document.h"

namespace changtong::report {

[[nodiscard]] std::string write_web_page(const document& d);

}  // namespace changtong::report
