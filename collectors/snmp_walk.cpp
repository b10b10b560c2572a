#include "collectors/snmp_walk.h"

#include <algorithm>
#include <array>
#include <utility>

namespace changtong {
namespace {

constexpr std::int64_t too_big = 1, no_such_name = 2;
constexpr std::uint8_t tag_null = 0x05, no_such_object = 0x80, no_such_instance = 0x81;

bool no_value(std::uint8_t type) { return type == tag_null || type == no_such_object || type == no_such_instance; }

}  // namespace

std::optional<std::int64_t> snmp_walk::row::number() const { return wire::snmp_number(type, wire::bytes_of(value)); }

snmp_walk::snmp_walk(wire::object_name column, bool bulk, snmp_walk_limits limits)
    : column_(std::move(column)), after_(column_), limits_(limits), bulk_(bulk), repetitions_(limits.repetitions) {}

void snmp_walk::fail(trouble why) {
  state_ = state::failed;
  why_ = why;
}

bool snmp_walk::counted(std::size_t more_bytes) {
  ++questions_;
  bytes_ += more_bytes;
  if (bytes_ > limits_.bytes) return fail(trouble::too_many_bytes), false;
  return true;
}

bool snmp_walk::ask_less() {
  if (!bulk_) return false;
  if (repetitions_ > 1)
    repetitions_ = static_cast<std::uint16_t>(repetitions_ / 2);
  else
    bulk_ = false;
  return true;
}

/** GetBulk has no errors of its own but tooBig: whoever answers it otherwise has no GetBulk. In v1 noSuchName is the
 * end of all there is. */
void snmp_walk::take_error(std::int64_t status) {
  if (status == too_big) {
    if (!ask_less()) fail(trouble::refused);
  } else if (bulk_) {
    bulk_ = false;
  } else if (status == no_such_name) {
    state_ = state::finished;
  } else {
    fail(trouble::refused);
  }
}

bool snmp_walk::take_row(wire::snmp_row& r) {
  const bool inside = r.name.size() > column_.size() && std::equal(column_.begin(), column_.end(), r.name.begin());
  if (r.type == wire::snmp_end_of_mib_view || no_value(r.type) || (!inside && r.name > after_)) {
    state_ = state::finished;
    return false;
  }
  if (r.name <= after_) return fail(trouble::not_increasing), false;
  if (rows_.size() == limits_.rows) return fail(trouble::too_many_rows), false;
  after_ = std::move(r.name);
  rows_.push_back({{after_.begin() + static_cast<std::ptrdiff_t>(column_.size()), after_.end()},
                   r.type,
                   std::string(wire::text_of(r.value))});
  return true;
}

void snmp_walk::take(wire::bytes pdu) {
  if (state_ != state::asking) return;
  silences_ = 0;
  if (!counted(pdu.size())) return;
  wire::snmp_rows answer = wire::read_snmp_rows(pdu);
  if (answer.readable && answer.error_status != 0)
    take_error(answer.error_status);
  else if (!answer.readable || answer.rows.empty())
    fail(trouble::unreadable);
  else
    for (wire::snmp_row& r : answer.rows)
      if (!take_row(r)) break;
  if (state_ == state::asking && questions_ >= limits_.questions) fail(trouble::too_many_questions);
}

void snmp_walk::take_too_long() {
  if (state_ != state::asking || !counted(0)) return;
  silences_ = 0;
  if (!ask_less()) return fail(trouble::unreadable);
  if (questions_ >= limits_.questions) fail(trouble::too_many_questions);
}

/** A packet may be lost; a second silence in a row may be the answer's size, or the question's kind. */
void snmp_walk::take_silence() {
  if (state_ != state::asking || !counted(0)) return;
  ++silences_;
  if (silences_ >= limits_.silences || questions_ >= limits_.questions) return fail(trouble::silent);
  if (silences_ + 1 == limits_.silences) bulk_ = false;
}

const phrase& words_of(snmp_walk::trouble why) {
  static const std::array<phrase, static_cast<std::size_t>(snmp_walk::trouble::count)> words{
      phrase{},
      {"对象名不递增", "object names do not increase"},
      {"行数过多", "too many rows"},
      {"往返次数过多", "too many round trips"},
      {"应答过多", "too much"},
      {"设备拒绝", "the agent refuses"},
      {"应答无法解读", "illegible answers"},
      {"设备不应答", "the agent fell silent"}};
  return words[static_cast<std::size_t>(why)];
}

}  // namespace changtong
