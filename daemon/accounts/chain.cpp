#include "daemon/accounts/chain.h"

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/core/civil.h"
#include "daemon/core/json.h"
#include "daemon/host/digest.h"

namespace changtong::accounts {
namespace {

const civil_zone& utc() {
  static const civil_zone zone = civil_zone::named("UTC").value();
  return zone;
}

}  // namespace

std::string no_line_before() { return std::string(64, '0'); }

std::string digest_of_line(std::string_view line) { return host::hex(host::bytes_of(host::sha256_of(line))); }

std::string line_of(const trail_entry& e, std::string_view before) {
  return json_object()
      .add("n", static_cast<std::int64_t>(e.number))
      .add("at", utc().format(e.at))
      .add("who", e.who)
      .add("peer", e.peer)
      .add("what", deed_names.at(static_cast<std::size_t>(e.what)))
      .add("of", e.of)
      .add("outcome", e.outcome)
      .add("before", before)
      .text();
}

std::optional<read_line> entry_in(std::string_view line) {
  try {
    const boost::json::value all = boost::json::parse(line);
    const auto& o = all.as_object();
    const auto text = [&o](std::string_view key) { return std::string(o.at(key).as_string()); };
    const auto what = std::ranges::find(deed_names, text("what"));
    const auto at = utc().parse(text("at"));
    const auto number = o.at("n").to_number<std::int64_t>();
    if (what == deed_names.end() || !at || number < 0) return std::nullopt;
    return read_line{.entry = {.number = static_cast<std::uint64_t>(number),
                               .at = at->from,
                               .who = text("who"),
                               .peer = text("peer"),
                               .what = static_cast<deed>(what - deed_names.begin()),
                               .of = text("of"),
                               .outcome = text("outcome")},
                     .before = text("before")};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

void chain_walk::take(std::string_view line) {
  if (broken_) return;
  ++lines_;
  const auto read = entry_in(line);
  if (!read) {
    // A crash leaves the beginning of the next line; anything else was put there.
    const std::string next = last_ == 0 ? R"({"n":)" : fmt::format(R"({{"n":{},)", last_ + 1);
    if (line.size() < next.size() ? !next.starts_with(line) : !line.starts_with(next)) {
      broken_ = both("第 {} 条之后有一行不是审计日志", "behind line {} stands what is no line of the log", last_);
      return;
    }
    ++cut_short_;
    digest_ = digest_of_line(line);
    return;
  }
  const trail_entry& e = read->entry;
  if (last_ == 0) {
    first_ = e.number;
    if (e.number == 1 && digest_.empty() && read->before != no_line_before())
      broken_ = both("第 1 条之前还有一条", "there was a line before line 1");
  } else if (e.number != last_ + 1) {
    broken_ = both("第 {} 条之后是第 {} 条", "line {} is followed by line {}", last_, e.number);
  }
  if (!broken_ && !digest_.empty() && read->before != digest_)
    broken_ = both("第 {} 条之前的一条被改动、删去或插入过",
                   "what stands before line {} was changed, removed or put in", e.number);
  last_ = e.number;
  digest_ = digest_of_line(line);
}

}  // namespace changtong::accounts
