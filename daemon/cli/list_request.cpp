#include "daemon/cli/list_request.h"

#include <utility>

#include "daemon/cli/options.h"

namespace changtong {

result<list_request> open_list(const entry_list_options& o) {
  const auto format = report::format_named(o.format);
  if (!format) return about_option("--format", format.error());
  auto reader = ledger::reader::open(o.ledger);
  if (!reader) return reader.error();
  const auto when = period_between((*reader)->zone(), o.from, o.to);
  if (!when) return when.error();
  auto line = line_named(**reader, o.line);
  if (!line) return line.error();
  return list_request{.reader = std::move(*reader), .when = *when, .format = *format, .line = std::move(*line)};
}

}  // namespace changtong
